import type { AuditEntry, SessionInfo } from '@coreshift/shared/contract'
import type { AuditDraft } from '../audit/audit-log.ts'
import type { AuditRepository } from './audit-repository.ts'
import type { Database } from './database.ts'
import { isoOf } from './instant-column.ts'

/** The sessions of accounts, in the table that better-auth keeps them in. */
export interface SessionRepository {
  /** Sessions that have not expired, newest first. */
  listOf(userId: string, at: string): Promise<Omit<SessionInfo, 'current'>[]>
  /** @returns id of the account, `undefined` when there is no such session */
  ownerOf(sessionId: string): Promise<string | undefined>
  /** @returns false when there is no such session (any more); then nothing is audited */
  end(sessionId: string, audit: AuditDraft): Promise<boolean>
}

interface SessionRepositoryOptions {
  readonly database: Database
  readonly audit: AuditRepository
  /** Told after the transaction is durable. */
  readonly onAudit: (entries: readonly AuditEntry[]) => void
}

export function createSessionRepository(options: SessionRepositoryOptions): SessionRepository {
  const { database, audit, onAudit } = options
  const { db } = database
  return {
    async listOf(userId, at) {
      const rows = await db
        .selectFrom('auth_session')
        .select(['id', 'createdAt', 'expiresAt', 'ipAddress', 'userAgent'])
        .where('userId', '=', userId)
        .where('expiresAt', '>', database.instant(at))
        .orderBy('createdAt', 'desc')
        .execute()
      return rows.map(({ id, createdAt, expiresAt, ipAddress, userAgent }) => ({
        id,
        createdAt: isoOf(createdAt),
        expiresAt: isoOf(expiresAt),
        ...(ipAddress === null || ipAddress === '' ? {} : { address: ipAddress }),
        ...(userAgent === null || userAgent === '' ? {} : { userAgent }),
      }))
    },
    async ownerOf(sessionId) {
      const row = await db
        .selectFrom('auth_session')
        .select('userId')
        .where('id', '=', sessionId)
        .executeTakeFirst()
      return row?.userId
    },
    async end(sessionId, draft) {
      const entries = await database.write(async (transaction) => {
        const { numDeletedRows } = await transaction
          .deleteFrom('auth_session')
          .where('id', '=', sessionId)
          .executeTakeFirstOrThrow()
        return numDeletedRows === 0n ? undefined : audit.appendWithin(transaction, [draft])
      })
      if (entries) onAudit(entries)
      return entries !== undefined
    },
  }
}
