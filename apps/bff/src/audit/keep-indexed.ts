import { BLOCK_ENTRIES } from './entry-set.ts'

/** One block after the other while there is a whole one, never two at a time. */
interface IndexKeeper {
  /** Told the id of every entry; looks for a whole block when one may have become whole. */
  noteEntry(id: number): void
  /** Indexes what is whole already. Never rejects: a failure is reported and tried again with the next block. */
  catchUp(): Promise<void>
  /** Begins no further block; resolves when the one under way is done. */
  stop(): Promise<void>
}

interface IndexKeeperOptions {
  /** @returns false when no whole block is waiting */
  readonly indexNextBlock: () => Promise<boolean>
  readonly onProblem: (message: string, cause: unknown) => void
}

/** Keeps the audit's search index at most one block behind the entries. Searches are right without it, only slower. */
export function createIndexKeeper({ indexNextBlock, onProblem }: IndexKeeperOptions): IndexKeeper {
  let stopped = false
  let running: Promise<void> | undefined

  async function work(): Promise<void> {
    try {
      while (!stopped && (await indexNextBlock()));
    } catch (cause) {
      onProblem('the search index of the audit could not be continued', cause)
    }
  }

  function catchUp(): Promise<void> {
    running ??= work().finally(() => {
      running = undefined
    })
    return running
  }

  return {
    catchUp,
    noteEntry(id) {
      if (id % BLOCK_ENTRIES === 0) void catchUp()
    },
    async stop() {
      stopped = true
      await running
    },
  }
}
