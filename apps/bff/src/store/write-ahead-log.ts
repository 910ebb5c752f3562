import { close, fdatasync, open } from 'node:fs'
import { promisify } from 'node:util'
import { SingleFlight } from '../single-flight.ts'
import { CheckpointThread } from './checkpoint-thread.ts'

// By number: a FileHandle that is forgotten unclosed ends the process when its memory is taken back.
const openFile = promisify(open)
const syncFile = promisify(fdatasync)
const closeFile = promisify(close)

/** Commits after which the log is brought into the database file: with some ten pages each about 8 MB. */
export const CHECKPOINT_COMMITS = 200

/** What the log is made of, for tests. */
interface LogPorts {
  /** Brings what was written to the log onto the disk. */
  readonly sync: () => Promise<void>
  /** Brings the log into the database file, as far as readers allow it; then it starts at its beginning again. */
  readonly checkpoint: () => Promise<void>
  readonly close: () => Promise<void>
  /** The log cannot be relied on any more. */
  readonly lost: (cause: unknown) => void
}

/**
 * Makes the commits of one SQLite connection durable beside the event loop. node:sqlite is synchronous: a sync within
 * the commit, and the checkpoint that some commits carry out, would stop everything that the server does for as long as
 * the disk takes. Here a commit writes the log, a sync of the log's file is waited for, and the commits that come
 * meanwhile share the next one. A thread of its own does the checkpoints.
 */
export class WriteAheadLog {
  readonly #ports: LogPorts
  readonly #syncs: SingleFlight<'log', void>
  #commitsSinceCheckpoint = 0
  #checkpoint: Promise<void> | undefined

  constructor(ports: LogPorts) {
    this.#ports = ports
    this.#syncs = new SingleFlight(() => ports.sync())
  }

  /**
   * Resolves when everything that was committed before the call, by any process, is on the disk.
   * @throws when it cannot be brought there
   */
  async settled(): Promise<void> {
    try {
      await this.#syncs.run('log')
    } catch (cause) {
      this.#ports.lost(cause)
      throw cause
    }
  }

  /** A transaction was committed. Resolves when it is durable. */
  async committed(): Promise<void> {
    this.#commitsSinceCheckpoint += 1
    if (this.#commitsSinceCheckpoint >= CHECKPOINT_COMMITS) this.#checkpointNow()
    await this.settled()
  }

  async close(): Promise<void> {
    await this.#checkpoint
    await this.#ports.close()
  }

  #checkpointNow(): void {
    if (this.#checkpoint) return
    this.#commitsSinceCheckpoint = 0
    this.#checkpoint = this.#ports
      .checkpoint()
      // Nothing is lost: the log grows until a later one, or the far later one within a commit, succeeds.
      .catch((cause: unknown) => process.emitWarning(`a checkpoint of the database failed: ${String(cause)}`))
      .finally(() => (this.#checkpoint = undefined))
  }
}

/** @param file path of the database */
export function openWriteAheadLog(file: string): WriteAheadLog {
  let log: Promise<number> | undefined
  const checkpoints = new CheckpointThread(file)
  return new WriteAheadLog({
    async sync() {
      // SQLite keeps one file for as long as a connection is open.
      log ??= openFile(`${file}-wal`, 'r+')
      await syncFile(await log)
    },
    checkpoint: () => checkpoints.checkpoint(),
    async close() {
      await checkpoints.end()
      const opened = log
      log = undefined
      if (opened) await closeFile(await opened)
    },
    lost: endProcess,
  })
}

/**
 * The system tells of a failed sync once and then takes the pages for written: to sync again would claim what is not so.
 * The next start finds out what is on the disk.
 */
function endProcess(cause: unknown): void {
  queueMicrotask(() => {
    const message = 'The write-ahead log of the database could not be brought to the disk; the server ends.'
    throw new Error(message, { cause })
  })
}
