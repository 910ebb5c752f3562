import type { QueryClient } from '@tanstack/react-query'
import { applyPatch } from '@coreshift/shared'
import type { HeldState, LiveChange } from '@coreshift/shared/contract'
import { CONNECTION_KEY, type Connection } from './connection.ts'
import type { Schedule } from './frame-batch.ts'
import type { LivePort } from './live-port.ts'
import { keepNotice } from './told-notices.ts'
import { LIVE_KEY, topicOfKey } from './live-topics.ts'
import { WatchRefused } from './watch-refused.ts'

/** A topic nobody looks at is given up after this time, so that going back at once is instant. */
export const UNWATCH_GRACE_MS = 20_000

/** Attempts to watch a topic that gets no acknowledgement, before the view shows the failure. */
const WATCH_RETRIES = 4

interface LiveCacheParts {
  readonly queryClient: QueryClient
  readonly port: LivePort
  readonly schedule: Schedule
  /** Runs a task after a time; returns how to call it off. */
  readonly later: (task: () => void, ms: number) => () => void
}

interface Entry {
  /** Where `snapshot` stands; absent until the first one came. */
  held: HeldState | undefined
  snapshot: unknown
  /** Changes that wait for the next frame, in the order they came. */
  queue: LiveChange[]
  watching: Promise<unknown> | undefined
  cancelUnwatch: (() => void) | undefined
}

/**
 * The one subscriber: writes what the server sends into the query cache, and nothing else does.
 *
 * A topic is watched while a component reads its query. A change whose revision is not the next one means that
 * something was lost: the topic is watched again, as after a lost connection, and the server sends what is missing or, where
 * it does not know that any more, a snapshot that replaces the data. Old revisions change nothing.
 */
export function connectLiveCache({ queryClient, port, schedule, later }: LiveCacheParts): void {
  const entries = new Map<string, Entry>()
  let connected = false
  let flushPlanned = false
  let whenConnected = Promise.withResolvers<void>()

  function write(topic: string, entry: Entry): void {
    queryClient.setQueryData([LIVE_KEY, topic], entry.snapshot)
  }

  function flush(): void {
    flushPlanned = false
    for (const [topic, entry] of entries) {
      if (entry.queue.length === 0 || entry.watching) continue
      const before = entry.snapshot
      if (!applyQueue(entry)) {
        refresh(topic)
        continue
      }
      if (entry.snapshot !== before) write(topic, entry)
    }
  }

  function planFlush(): void {
    if (flushPlanned) return
    flushPlanned = true
    schedule(flush)
  }

  async function watch(topic: string, entry: Entry): Promise<unknown> {
    await whenConnected.promise
    const answer = await port.watch(topic, entry.held)
    if (!answer.ok) throw new WatchRefused(answer)
    const { feed, rev } = answer
    entry.snapshot =
      'missed' in answer ? answer.missed.reduce<unknown>(applyPatch, entry.snapshot) : answer.snapshot
    entry.held = { feed, rev }
    entry.queue = entry.queue.filter((change) => change.rev > rev)
    if (entry.queue.length > 0) planFlush()
    return entry.snapshot
  }

  function ensureWatched(topic: string): Promise<unknown> {
    const known = entries.get(topic)
    const entry = known ?? {
      held: undefined,
      snapshot: undefined,
      queue: [],
      watching: undefined,
      cancelUnwatch: undefined,
    }
    if (!known) entries.set(topic, entry)
    entry.watching ??= watch(topic, entry).finally(() => {
      entry.watching = undefined
    })
    return entry.watching
  }

  /** Brings a topic that is on screen up to date; a refusal shows through the query's own error. */
  function refresh(topic: string): void {
    ensureWatched(topic).then(
      () => {
        const entry = entries.get(topic)
        if (entry) write(topic, entry)
      },
      () => {
        entries.delete(topic)
        void queryClient.invalidateQueries({ queryKey: [LIVE_KEY, topic] })
      },
    )
  }

  function release(topic: string): void {
    const entry = entries.get(topic)
    if (!entry) return
    entry.cancelUnwatch?.()
    entry.cancelUnwatch = later(() => {
      entries.delete(topic)
      if (connected) port.unwatch(topic)
      queryClient.removeQueries({ queryKey: [LIVE_KEY, topic], type: 'inactive' })
    }, UNWATCH_GRACE_MS)
  }

  function retain(topic: string): void {
    const entry = entries.get(topic)
    if (!entry) return
    entry.cancelUnwatch?.()
    entry.cancelUnwatch = undefined
  }

  function onConnection(connection: Connection): void {
    queryClient.setQueryData(CONNECTION_KEY, connection)
    const wasConnected = connected
    connected = connection.state === 'live'
    if (connected && !wasConnected) {
      whenConnected.resolve()
      for (const [topic, entry] of entries) if (!entry.watching) refresh(topic)
    }
    if (!connected && wasConnected) {
      whenConnected = Promise.withResolvers<void>()
      // What came belongs to what was watched; the next connection may count from elsewhere.
      flush()
      for (const entry of entries.values()) entry.queue = []
    }
  }

  queryClient.setQueryDefaults([LIVE_KEY], {
    queryFn: ({ queryKey }) => ensureWatched(topicOfKey(queryKey) ?? ''),
    retry: (failures, error) => !(error instanceof WatchRefused) && failures < WATCH_RETRIES,
  })
  queryClient.getQueryCache().subscribe((event) => {
    const topic = topicOfKey(event.query.queryKey)
    if (topic === undefined) return
    if (event.type === 'observerAdded') retain(topic)
    if (event.type === 'observerRemoved' && event.query.getObserversCount() === 0) release(topic)
  })
  port.listen({
    connection: onConnection,
    notice: (notice) => keepNotice(queryClient, notice),
    change(change) {
      const entry = entries.get(change.topic)
      if (!entry) return
      entry.queue.push(change)
      planFlush()
    },
  })
}

/** Applies what is queued; false when a revision is missing. */
function applyQueue(entry: Entry): boolean {
  const queue = entry.queue
  entry.queue = []
  for (const change of queue) {
    if (!entry.held) return false
    if (change.rev <= entry.held.rev) continue
    if (change.rev !== entry.held.rev + 1) return false
    entry.snapshot = applyPatch(entry.snapshot, change.patch)
    entry.held = { ...entry.held, rev: change.rev }
  }
  return true
}
