import type { AuditEntry, AuditVerification } from '@coreshift/shared/contract'
import type { AuditRepository } from '../store/audit-repository.ts'
import { UnreadableEntryError } from '../store/audit-row.ts'
import { CHAIN_START, linkProblem, type ChainHead } from './audit-chain.ts'

/** Entries looked at with care where the quick way had a doubt. */
const CAREFUL_CHUNK = 1_000

/** Recomputes the chain. What is appended meanwhile is left to the next time. */
export async function verifyChain(repository: AuditRepository): Promise<AuditVerification> {
  const end = (await repository.head()).id
  let head = CHAIN_START
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
