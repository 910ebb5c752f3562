import type { KeyObject } from 'node:crypto'
import { CHAIN_START, type ChainHead } from './audit-chain.ts'
import { isSignedBy, type Checkpoint } from './checkpoint.ts'

/** The chain's seal was not made with the key of this server: what it hides cannot be told. */
export class ForeignSealError extends Error {
  override readonly name = 'ForeignSealError'
}

/**
 * What the first entry that is kept follows.
 * @throws ForeignSealError
 */
export type ChainStart = () => Promise<ChainHead>

export const wholeChain: ChainStart = () => Promise.resolve(CHAIN_START)

/** Behind the seal of the retention, where there is one. */
export function behindSeal(
  read: () => Promise<Checkpoint | undefined>,
  publicKeys: readonly KeyObject[],
): ChainStart {
  return async () => {
    const seal = await read()
    if (seal === undefined) return CHAIN_START
    if (seal.sealed !== true || !isSignedBy(publicKeys, seal)) {
      throw new ForeignSealError(
        `the seal at entry ${seal.id} was not signed with the key of this server: what was removed before it, and whether it may have been, is not known`,
      )
    }
    return { id: seal.id, hash: seal.hash }
  }
}
