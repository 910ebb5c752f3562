import type { KeyObject } from 'node:crypto'
import { AuditEntry, type AuditVerification } from '@coreshift/shared/contract'
import { CHAIN_START, linkProblem, type ChainHead } from './audit-chain.ts'
import { canonicalJson } from './canonical-json.ts'
import { isSignedBy, parseCheckpointLine, type Checkpoint } from './checkpoint.ts'
import { compareCheckpoints } from './compare-checkpoints.ts'

interface ExportToVerify {
  /** Lines of `export.jsonl`, without a filter. */
  readonly entries: AsyncIterable<string>
  readonly checkpoints: readonly Checkpoint[]
  readonly publicKeys: readonly KeyObject[]
}

/** Recomputes an exported chain without the database: what an auditor does who has the file and the public key. */
export async function verifyExport(exported: ExportToVerify): Promise<AuditVerification> {
  const { entries, checkpoints, publicKeys } = exported
  const hashes = new Map<number, string>()
  const wanted = new Set(checkpoints.map(({ id }) => id))
  let start: ChainHead | undefined
  let head: ChainHead = CHAIN_START
  for await (const line of entries) {
    if (line.trim() === '') continue
    const entry = parseEntry(line)
    if (typeof entry === 'string') return broken(head, `line ${head.id + 1} ${entry}`)
    if (start === undefined) {
      start = startOf(entry.id, checkpoints, publicKeys)
      head = start
    }
    const reason = linkProblem(head, entry)
    if (reason !== undefined) return broken(head, reason)
    head = { id: entry.id, hash: entry.hash }
    if (wanted.has(entry.id)) hashes.set(entry.id, entry.hash)
  }
  const from = start ?? CHAIN_START
  hashes.set(from.id, from.hash)
  const hashOf = (id: number): Promise<string | undefined> => Promise.resolve(hashes.get(id))
  return compareCheckpoints({ start: from.id, end: head.id, hashOf }, checkpoints, publicKeys)
}

/** Checkpoints among the lines of a log. @throws Error for a damaged one */
export async function readCheckpoints(lines: AsyncIterable<string>): Promise<Checkpoint[]> {
  const found: Checkpoint[] = []
  for await (const line of lines) {
    const checkpoint = parseCheckpointLine(line)
    if (checkpoint) found.push(checkpoint)
  }
  return found
}

/** Where the rest of a chain begins whose first entries the retention removed; only a signed seal may say so. */
function startOf(
  firstId: number,
  checkpoints: readonly Checkpoint[],
  publicKeys: readonly KeyObject[],
): ChainHead {
  const seal = checkpoints.find(({ id, sealed }) => sealed === true && id === firstId - 1)
  return seal && isSignedBy(publicKeys, seal) ? { id: seal.id, hash: seal.hash } : CHAIN_START
}

/** @returns the entry, or what is wrong with the line */
function parseEntry(line: string): AuditEntry | string {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return 'is not JSON'
  }
  const parsed = AuditEntry.strict().safeParse(value)
  if (!parsed.success) return 'is no entry of the audit'
  return canonicalJson(parsed.data) === line.trimEnd() ? parsed.data : 'is not spelled as it was exported'
}

function broken(head: ChainHead, reason: string): AuditVerification {
  return { ok: false, verifiedUpTo: head.id, firstBroken: head.id + 1, reason }
}
