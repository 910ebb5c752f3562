import type { AuditEntry, AuditVerification } from '@coreshift/shared/contract'
import type { AuditRepository } from '../store/audit-repository.ts'
import { UnreadableEntryError } from '../store/audit-row.ts'
import { linkProblem, type ChainHead } from './audit-chain.ts'
import { ForeignSealError, type ChainStart } from './chain-start.ts'

/** Entries looked at with care where the quick way had a doubt. */
const CAREFUL_CHUNK = 1_000

/**
 * Recomputes the chain. What is appended meanwhile is left to the next time.
 * @param last id of the last entry to look at; default: the newest
 */
export async function verifyChain(
  repository: AuditRepository,
  start: ChainStart,
  last?: number,
): Promise<AuditVerification> {
  let head: ChainHead
  try {
    head = await start()
  } catch (error) {
    if (!(error instanceof ForeignSealError)) throw error
    return { ok: false, verifiedUpTo: 0, firstBroken: 1, reason: error.message }
  }
  const end = last ?? (await repository.head()).id
  if (end < head.id) {
    const missing = head.id + 1
    return {
      ok: false,
      verifiedUpTo: head.id,
      firstBroken: missing,
      reason: `entry ${missing} is missing: the chain ends before its seal`,
    }
  }
  for (;;) {
    head = await repository.follow(head, end)
    if (head.id >= end) return { ok: true, verifiedUpTo: head.id }
    const careful = await verifyCarefully(repository, head, end)
    if (careful.problem) return { ok: false, verifiedUpTo: careful.head.id, ...careful.problem }
    head = careful.head
  }
}

interface Careful {
  readonly head: ChainHead
  readonly problem?: { readonly firstBroken: number; readonly reason: string }
}

/** Reads entries and spells them itself: tells what is wrong, or that nothing was. */
async function verifyCarefully(repository: AuditRepository, start: ChainHead, end: number): Promise<Careful> {
  let entries: AuditEntry[]
  try {
    entries = await repository.oldest({}, Math.min(CAREFUL_CHUNK, end - start.id), start.id)
  } catch (error) {
    if (!(error instanceof UnreadableEntryError)) throw error
    if (error.id > start.id + 1) return verifyCarefully(repository, start, error.id - 1)
    return { head: start, problem: { firstBroken: error.id, reason: error.message } }
  }
  let head = start
  for (const entry of entries) {
    const reason = linkProblem(head, entry)
    if (reason !== undefined) return { head, problem: { firstBroken: head.id + 1, reason } }
    head = entry
  }
  if (entries.length > 0) return { head }
  const missing = start.id + 1
  return { head, problem: { firstBroken: missing, reason: `entry ${missing} is missing` } }
}
