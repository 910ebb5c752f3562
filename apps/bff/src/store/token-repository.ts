import { Role, type AuditEntry, type Token } from '@coreshift/shared/contract'
import type { AuditDraft } from '../audit/audit-log.ts'
import { readAccessLimit, writeAccessLimit } from './access-limit-column.ts'
import type { AuditRepository } from './audit-repository.ts'
import type { Database } from './database.ts'
import type { ApiTokenRow } from './schema.ts'

export interface TokenRepository {
  /** Newest first. */
  list(): Promise<Token[]>
  /** Stores the token's hash and the audit entry in one transaction. */
  add(token: Token, tokenHash: string, audit: AuditDraft): Promise<void>
  findByHash(tokenHash: string): Promise<Token | undefined>
  /** @returns false when there is no such token; then nothing is audited */
  remove(id: string, audit: AuditDraft): Promise<boolean>
  markUsed(id: string, at: string): Promise<void>
}

interface TokenRepositoryOptions {
  readonly database: Database
  readonly audit: AuditRepository
  /** Told after the transaction is durable. */
  readonly onAudit: (entries: readonly AuditEntry[]) => void
}

export function createTokenRepository({ database, audit, onAudit }: TokenRepositoryOptions): TokenRepository {
  const { db } = database
  // Every request of a program asks this: built and spelled once, it takes half the time.
  const byHash = db.selectFrom('api_token').selectAll().where('token_hash', '=', '').compile()
  return {
    async list() {
      const rows = await db
        .selectFrom('api_token')
        .selectAll()
        .orderBy('created_at', 'desc')
        .orderBy('id')
        .execute()
      return rows.map(toToken)
    },
    async add(token, tokenHash, draft) {
      const entries = await database.write(async (transaction) => {
        await transaction
          .insertInto('api_token')
          .values({
            id: token.id,
            name: token.name,
            role: token.role,
            token_hash: tokenHash,
            created_at: token.createdAt,
            expires_at: token.expiresAt ?? null,
            last_used_at: null,
            limited_to: writeAccessLimit(token.limitedTo),
          })
          .execute()
        return audit.appendWithin(transaction, [draft])
      })
      onAudit(entries)
    },
    async findByHash(tokenHash) {
      const { rows } = await db.executeQuery<ApiTokenRow>({ ...byHash, parameters: [tokenHash] })
      return rows[0] && toToken(rows[0])
    },
    async remove(id, draft) {
      const entries = await database.write(async (transaction) => {
        const { numDeletedRows } = await transaction
          .deleteFrom('api_token')
          .where('id', '=', id)
          .executeTakeFirstOrThrow()
        return numDeletedRows === 0n ? undefined : audit.appendWithin(transaction, [draft])
      })
      if (entries) onAudit(entries)
      return entries !== undefined
    },
    async markUsed(id, at) {
      await db.updateTable('api_token').set({ last_used_at: at }).where('id', '=', id).execute()
    },
  }
}

function toToken(row: ApiTokenRow): Token {
  const limitedTo = readAccessLimit(row.limited_to)
  return {
    id: row.id,
    name: row.name,
    role: Role.parse(row.role),
    ...(limitedTo === undefined ? {} : { limitedTo }),
    createdAt: row.created_at,
    ...(row.last_used_at === null ? {} : { lastUsedAt: row.last_used_at }),
    ...(row.expires_at === null ? {} : { expiresAt: row.expires_at }),
  }
}
