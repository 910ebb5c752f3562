import type { AuditEntry } from '@coreshift/shared/contract'
import { canonicalJson } from './canonical-json.ts'

const COLUMNS: readonly (readonly [string, (entry: AuditEntry) => string | number | undefined])[] = [
  ['id', (entry) => entry.id],
  ['at', (entry) => entry.at],
  ['actor', (entry) => entry.actor.name],
  ['actorKind', (entry) => entry.actor.kind],
  ['address', (entry) => entry.actor.address],
  ['action', (entry) => entry.action],
  ['outcome', (entry) => entry.outcome],
  ['vm', (entry) => entry.vm],
  ['vmName', (entry) => entry.vmName],
  ['host', (entry) => entry.host],
  ['operation', (entry) => entry.operation],
  ['message', (entry) => entry.message],
  ['durationMs', (entry) => entry.durationMs],
  ['detail', (entry) => (entry.detail === undefined ? undefined : canonicalJson(entry.detail))],
  ['requestId', (entry) => entry.requestId],
  ['hash', (entry) => entry.hash],
]

/** RFC 4180 with a header line. */
export async function* auditCsv(entries: AsyncIterable<AuditEntry>): AsyncGenerator<string> {
  yield `${COLUMNS.map(([name]) => name).join(',')}\r\n`
  for await (const entry of entries)
    yield `${COLUMNS.map(([, value]) => csvCell(value(entry))).join(',')}\r\n`
}

/** One canonical JSON object a line: what the hashes were made of, plus the hash. */
export async function* auditJsonLines(entries: AsyncIterable<AuditEntry>): AsyncGenerator<string> {
  for await (const entry of entries) yield `${canonicalJson(entry)}\n`
}

function csvCell(value: string | number | undefined): string {
  if (value === undefined) return ''
  if (typeof value === 'number') return String(value)
  // A spreadsheet would run such a cell as a formula, and names come from whoever names a VM.
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
