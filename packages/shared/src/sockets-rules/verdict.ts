import { isAcknowledgeable, type AcknowledgeableCode } from '../refusal-code.ts'
import type { SocketsRefusal } from './sockets-refusal.ts'

/** A verdict as the rules make it, also assignable to the contract's `Verdict`. */
export interface SocketsVerdict {
  /** Nothing stands in the way, or only what a person may acknowledge. */
  readonly allowed: boolean
  readonly reasons: SocketsRefusal[]
  /** Codes that still have to be acknowledged; absent when there is nothing to acknowledge. */
  readonly acknowledge?: AcknowledgeableCode[]
}

/**
 * @param acknowledged codes that the person named; they stay in `reasons` as what was known
 */
export function verdictOf(
  reasons: readonly SocketsRefusal[],
  acknowledged: readonly string[] = [],
): SocketsVerdict {
  const codes = reasons.map((reason) => reason.code)
  const allowed = codes.every(isAcknowledgeable)
  const open = codes.filter(isAcknowledgeable).filter((code) => !acknowledged.includes(code))
  return {
    allowed,
    reasons: [...reasons],
    ...(allowed && open.length > 0 && { acknowledge: [...new Set(open)] }),
  }
}

/** Whether a request with this verdict may go ahead now: allowed, and nothing is left to acknowledge. */
export function mayProceed(verdict: SocketsVerdict): boolean {
  return verdict.allowed && verdict.acknowledge === undefined
}
