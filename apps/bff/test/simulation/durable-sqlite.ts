import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AuditEntry } from '@coreshift/shared/contract'
import { createAuditRepository } from '../../src/store/audit-repository.ts'
import { openSqlite } from '../../src/store/database.ts'
import { createOperationRepository } from '../../src/store/operation-repository.ts'
import type { Durable } from './durable-memory.ts'

/** The real store on a SQLite file of its own. */
export async function durableSqlite(onAudit: (entries: readonly AuditEntry[]) => void): Promise<Durable> {
  const folder = mkdtempSync(join(tmpdir(), 'coreshift-simulation-'))
  // A commit that waited beside the event loop would take real time, of which a simulation has none.
  const database = await openSqlite(join(folder, 'coreshift.db'), { sync: 'within' })
  const entries = createAuditRepository(database)
  return {
    operations: createOperationRepository({ database, audit: entries, onAudit }),
    entries,
    async close() {
      await database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
