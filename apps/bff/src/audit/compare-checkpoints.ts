import type { KeyObject } from 'node:crypto'
import type { AuditVerification } from '@coreshift/shared/contract'
import { isSignedBy, type Checkpoint } from './checkpoint.ts'

interface CheckedChain {
  /** Id of the last entry that was removed by the retention; 0: none was. */
  readonly start: number
  /** Id of the last entry. */
  readonly end: number
  /** Stored hash of an entry between the two. */
  readonly hashOf: (id: number) => Promise<string | undefined>
}

/**
 * Holds a chain that is whole in itself against what was signed when it was written: finds what was cut off its end,
 * and a chain that was computed anew from some entry on.
 */
export async function compareCheckpoints(
  chain: CheckedChain,
  checkpoints: readonly Checkpoint[],
  publicKeys: readonly KeyObject[],
): Promise<AuditVerification> {
  let fitted = chain.start
  const bad = (firstBroken: number, reason: string): AuditVerification => ({
    ok: false,
    verifiedUpTo: fitted,
    firstBroken,
    reason,
  })
  for (const checkpoint of checkpoints.toSorted((a, b) => a.id - b.id)) {
    const { id, hash, at } = checkpoint
    if (!isSignedBy(publicKeys, checkpoint)) {
      return bad(fitted + 1, `the checkpoint of entry ${id} was not signed with a known key`)
    }
    if (id < chain.start) continue
    if (id > chain.end) {
      return {
        ...bad(chain.end + 1, `entry ${chain.end + 1} is missing: up to ${id} they were there at ${at}`),
        verifiedUpTo: chain.end,
      }
    }
    const stored = await chain.hashOf(id)
    if (stored !== hash) {
      return bad(
        fitted + 1,
        `from entry ${fitted + 1} to ${id} the chain is another one than was signed at ${at}: it was computed anew`,
      )
    }
    fitted = id
  }
  return { ok: true, verifiedUpTo: chain.end }
}
