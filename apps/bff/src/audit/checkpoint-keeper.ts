import type { Clock } from '../clock.ts'
import type { ChainHead } from './audit-chain.ts'

/** A checkpoint at least every this many entries … */
export const CHECKPOINT_ENTRIES = 1_000
/** … and this long after the first entry that none covers, ms. */
export const CHECKPOINT_AFTER_MS = 60_000

/** Decides when the chain gets a checkpoint: at the start, often enough while entries come, and at the end. */
interface CheckpointKeeper {
  noteEntry(entry: ChainHead): void
  /** Gives out what no checkpoint covers yet. */
  stop(): void
}

interface CheckpointKeeperOptions {
  readonly clock: Clock
  /** The chain as it is found at the start. */
  readonly head: ChainHead
  /** Signs and writes a checkpoint for this place. */
  readonly give: (head: ChainHead) => void
}

export function createCheckpointKeeper({ clock, head, give }: CheckpointKeeperOptions): CheckpointKeeper {
  let last = head
  let covered = head.id
  let cancel: (() => void) | undefined

  function cover(): void {
    cancel?.()
    cancel = undefined
    if (last.id === covered) return
    covered = last.id
    give(last)
  }

  if (head.id > 0) give(head)
  return {
    noteEntry({ id, hash }) {
      last = { id, hash }
      if (id - covered >= CHECKPOINT_ENTRIES) cover()
      else cancel ??= clock.after(CHECKPOINT_AFTER_MS, cover)
    },
    stop: cover,
  }
}
