import type { Operation } from '@coreshift/shared/contract'

/**
 * An operation as the engine sees and the store keeps it: the public operation plus what the engine needs to go
 * on after a crash. JSON only.
 */
export interface OperationRecord extends Operation {
  /** Grows with every stored change, so that a stale timer or answer is recognised. */
  readonly seq: number
}
