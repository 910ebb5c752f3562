import type { AuditEntry, HostInput } from '@coreshift/shared/contract'
import type { AuditDraft } from '../audit/audit-log.ts'
import { Failure } from '../failure.ts'
import type { AuditRepository } from './audit-repository.ts'
import type { Database } from './database.ts'

/** A host that was added by a person, in the page or on the command line. */
export interface StoredHost extends HostInput {
  readonly id: string
  readonly createdAt: string
}

export interface HostRepository {
  /** By name. */
  list(): Promise<StoredHost[]>
  /**
   * Stores the host and its audit entry in one transaction.
   * @throws Failure `conflict` when the name or the URI is taken
   */
  add(host: StoredHost, audit: AuditDraft): Promise<void>
  /** @returns false when there is no such host; then nothing is audited */
  remove(id: string, audit: AuditDraft): Promise<boolean>
}

export interface HostRepositoryOptions {
  readonly database: Database
  readonly audit: AuditRepository
  /** Told after the transaction is durable. */
  readonly onAudit: (entries: readonly AuditEntry[]) => void
}

export function createHostRepository({ database, audit, onAudit }: HostRepositoryOptions): HostRepository {
  return {
    async list() {
      const rows = await database.db.selectFrom('managed_host').selectAll().orderBy('name').execute()
      return rows.map((row) => ({ id: row.id, name: row.name, uri: row.uri, createdAt: row.created_at }))
    },
    async add(host, draft) {
      const entries = await database.write(async (transaction) => {
        const taken = await transaction
          .selectFrom('managed_host')
          .select(['name', 'uri'])
          .where((where) => where.or([where('name', '=', host.name), where('uri', '=', host.uri)]))
          .executeTakeFirst()
        if (taken) {
          throw new Failure(
            'conflict',
            taken.name === host.name
              ? `A host named "${host.name}" exists already; choose another name.`
              : `${host.uri} is managed already, as host "${taken.name}".`,
          )
        }
        await transaction
          .insertInto('managed_host')
          .values({ id: host.id, name: host.name, uri: host.uri, created_at: host.createdAt })
          .execute()
        return audit.appendWithin(transaction, [draft])
      })
      onAudit(entries)
    },
    async remove(id, draft) {
      const entries = await database.write(async (transaction) => {
        const { numDeletedRows } = await transaction
          .deleteFrom('managed_host')
          .where('id', '=', id)
          .executeTakeFirstOrThrow()
        return numDeletedRows === 0n ? undefined : audit.appendWithin(transaction, [draft])
      })
      if (entries) onAudit(entries)
      return entries !== undefined
    },
  }
}
