import type { HeldState, LiveChange, LiveNotice, WatchAnswer } from '@coreshift/shared/contract'
import type { Connection } from './connection.ts'

export interface LiveListener {
  change(change: LiveChange): void
  connection(connection: Connection): void
  /** A person asked to be told of a resize, and there is something to tell. */
  notice(notice: LiveNotice): void
}

/** What the cache needs of the live connection. socket.io fits behind it, and so does a test. */
export interface LivePort {
  /**
   * Rejects when the connection is down or no acknowledgement came in time.
   * @param held what is here already: the answer may then hold only what is missing
   */
  watch(topic: string, held?: HeldState): Promise<WatchAnswer>
  unwatch(topic: string): void
  listen(listener: LiveListener): void
}
