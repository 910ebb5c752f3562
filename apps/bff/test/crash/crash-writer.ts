// Writes to a store as fast as it can and tells each entry once it is acknowledged, until it is killed.
import { randomUUID } from 'node:crypto'
import { writeSync } from 'node:fs'
import { createAuditRepository } from '../../src/store/audit-repository.ts'
import { openSqlite } from '../../src/store/database.ts'
import { createOperationRepository } from '../../src/store/operation-repository.ts'
import { auditDraft, operationRecord } from '../examples.ts'

const STDOUT = 1
const WRITERS = 3

const file = process.argv[2]
if (file === undefined) throw new Error('Usage: crash-writer.ts DATABASE')
const database = await openSqlite(file)
const audit = createAuditRepository(database)
const acknowledge = (entries: readonly { readonly id: number; readonly hash: string }[]): void => {
  for (const { id, hash } of entries) writeSync(STDOUT, `${id} ${hash}\n`)
}
const operations = createOperationRepository({ database, audit, onAudit: acknowledge })

async function appendForEver(): Promise<never> {
  for (;;)
    acknowledge(await audit.append([auditDraft({ detail: { filler: 'x'.repeat(500) } }), auditDraft()]))
}

async function commitForEver(): Promise<never> {
  for (;;) {
    const id = randomUUID()
    await operations.commit(operationRecord({ id }), [auditDraft({ operation: id })])
  }
}

await Promise.all([commitForEver(), ...Array.from({ length: WRITERS }, appendForEver)])
