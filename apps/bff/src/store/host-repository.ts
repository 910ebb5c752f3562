import { z } from 'zod'
import type { AuditEntry, HostCredentials, HostInput } from '@coreshift/shared/contract'
import type { AuditDraft } from '../audit/audit-log.ts'
import { Failure } from '../failure.ts'
import { hostPurpose } from '../secrets/secret-purpose.ts'
import type { SecretBox } from '../secrets/secret-box.ts'
import type { AuditRepository } from './audit-repository.ts'
import type { Database } from './database.ts'

/** A host that was added by a person, in the page or on the command line. */
export interface StoredHost extends Pick<HostInput, 'name' | 'uri'> {
  readonly id: string
  readonly createdAt: string
  /** Present where a name and a password for the daemon are kept. */
  readonly username?: string
}

/** Form of the column `credentials`: the name can be read, the password cannot. */
export const StoredCredentials = z.object({ username: z.string(), password: z.string() })

export interface HostRepository {
  /** By name. */
  list(): Promise<StoredHost[]>
  /**
   * Stores the host and its audit entry in one transaction.
   * @throws Failure `conflict` when the name or the URI is taken
   */
  add(
    host: Omit<StoredHost, 'username'>,
    credentials: HostCredentials | undefined,
    audit: AuditDraft,
  ): Promise<void>
  /**
   * @returns undefined when none are kept
   * @throws UnreadableSecretError when the key that sealed them is gone
   */
  credentialsOf(id: string): Promise<HostCredentials | undefined>
  /**
   * @param credentials `undefined`: none are kept from now on
   * @returns false when there is no such host; then nothing is audited
   */
  changeCredentials(id: string, credentials: HostCredentials | undefined, audit: AuditDraft): Promise<boolean>
  /** @returns false when there is no such host; then nothing is audited */
  remove(id: string, audit: AuditDraft): Promise<boolean>
}

interface HostRepositoryOptions {
  readonly database: Database
  readonly audit: AuditRepository
  /** Seals passwords. */
  readonly secrets: SecretBox
  /** Told after the transaction is durable. */
  readonly onAudit: (entries: readonly AuditEntry[]) => void
}

export function createHostRepository(options: HostRepositoryOptions): HostRepository {
  const { database, audit, secrets, onAudit } = options

  function sealed(id: string, credentials: HostCredentials | undefined): string | null {
    if (credentials === undefined) return null
    const { username, password } = credentials
    return JSON.stringify({ username, password: secrets.seal(password, hostPurpose(id)) })
  }

  return {
    async list() {
      const rows = await database.db.selectFrom('managed_host').selectAll().orderBy('name').execute()
      return rows.map(({ id, name, uri, created_at: createdAt, credentials }) => {
        const kept = readCredentials(credentials)
        return { id, name, uri, createdAt, ...(kept && { username: kept.username }) }
      })
    },
    async add(host, credentials, draft) {
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
          .values({
            id: host.id,
            name: host.name,
            uri: host.uri,
            created_at: host.createdAt,
            credentials: sealed(host.id, credentials),
          })
          .execute()
        return audit.appendWithin(transaction, [draft])
      })
      onAudit(entries)
    },
    async credentialsOf(id) {
      const row = await database.db
        .selectFrom('managed_host')
        .select('credentials')
        .where('id', '=', id)
        .executeTakeFirst()
      const kept = readCredentials(row?.credentials ?? null)
      return kept && { username: kept.username, password: secrets.open(kept.password, hostPurpose(id)) }
    },
    async changeCredentials(id, credentials, draft) {
      const entries = await database.write(async (transaction) => {
        const { numUpdatedRows } = await transaction
          .updateTable('managed_host')
          .set({ credentials: sealed(id, credentials) })
          .where('id', '=', id)
          .executeTakeFirstOrThrow()
        return numUpdatedRows === 0n ? undefined : audit.appendWithin(transaction, [draft])
      })
      if (entries) onAudit(entries)
      return entries !== undefined
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

function readCredentials(text: string | null): z.infer<typeof StoredCredentials> | undefined {
  return text === null ? undefined : StoredCredentials.parse(JSON.parse(text))
}
