import { Role, type AuditEntry, type User } from '@coreshift/shared/contract'
import type { AuditDraft } from '../audit/audit-log.ts'
import { Failure } from '../failure.ts'
import type { AuditRepository } from './audit-repository.ts'
import type { Database, WriteTransaction } from './database.ts'
import type { AuthUserRow } from './schema.ts'

/** better-auth's name for "signs in with a password kept here". */
const PASSWORD_PROVIDER = 'credential'

export interface NewUser extends User {
  /** better-auth knows accounts by an address: made from the name, never used for mail. */
  readonly email: string
  readonly passwordHash: string
}

export interface UserChange {
  readonly role?: Role
  readonly disabled?: boolean
  readonly passwordHash?: string
}

export interface StoredSession {
  readonly id: string
  readonly userId: string
  readonly createdAt: string
  readonly expiresAt: string
}

/** Accounts, their passwords' hashes and their sessions: the same tables that better-auth reads. */
export interface UserRepository {
  count(): Promise<number>
  /** By name. */
  list(): Promise<User[]>
  get(id: string): Promise<User | undefined>
  /** @throws Failure `conflict` when the name is taken */
  add(user: NewUser, audit: AuditDraft): Promise<void>
  /**
   * Adds the first account if the link's token is the stored one and no account exists; uses the link up.
   * @returns false when the link is not valid (any more)
   */
  addFirst(user: NewUser, linkHash: string, audit: AuditDraft): Promise<boolean>
  /** Stores the hash of the one-time link; an earlier link is no longer valid. */
  setFirstRunLink(linkHash: string, at: string): Promise<void>
  hasFirstRunLink(linkHash: string): Promise<boolean>
  /**
   * Changes the account and ends its sessions when it is disabled or has a new password.
   * @returns the changed account, `undefined` when there is none
   * @throws Failure `conflict` when nobody would be left who may administer
   */
  change(id: string, change: UserChange, at: string, audit: AuditDraft): Promise<User | undefined>
  /**
   * @returns false when there is no such account
   * @throws Failure `conflict` when nobody would be left who may administer
   */
  remove(id: string, audit: AuditDraft): Promise<boolean>
  /** Sessions that have not expired, newest first. */
  sessionsOf(userId: string, at: string): Promise<StoredSession[]>
  /** @returns id of the account, `undefined` when there is no such session */
  sessionOwner(sessionId: string): Promise<string | undefined>
  /** @returns false when there is no such session (any more); then nothing is audited */
  endSession(sessionId: string, audit: AuditDraft): Promise<boolean>
  passwordHash(name: string): Promise<{ readonly user: User; readonly hash: string } | undefined>
}

export interface UserRepositoryOptions {
  readonly database: Database
  readonly audit: AuditRepository
  /** Told after the transaction is durable. */
  readonly onAudit: (entries: readonly AuditEntry[]) => void
  /** The synthetic address of a name; equal for names that differ in case only. */
  readonly emailOf: (name: string) => string
}

export function createUserRepository(options: UserRepositoryOptions): UserRepository {
  const { database, audit, onAudit, emailOf } = options
  const { db } = database

  async function insert(transaction: WriteTransaction, user: NewUser): Promise<void> {
    const taken = await transaction
      .selectFrom('auth_user')
      .select('name')
      .where('email', '=', user.email)
      .executeTakeFirst()
    if (taken) {
      throw new Failure('conflict', `An account named "${taken.name}" exists already; choose another name.`)
    }
    const at = database.instant(user.createdAt)
    await transaction
      .insertInto('auth_user')
      .values({
        id: user.id,
        name: user.name,
        email: user.email,
        emailVerified: database.flag(false),
        image: null,
        createdAt: at,
        updatedAt: at,
        role: user.role,
        disabled: database.flag(user.disabled),
      })
      .execute()
    await transaction
      .insertInto('auth_account')
      .values({
        id: user.id,
        accountId: user.id,
        providerId: PASSWORD_PROVIDER,
        userId: user.id,
        password: user.passwordHash,
        createdAt: at,
        updatedAt: at,
      })
      .execute()
  }

  /** The caller holds the chain's lock: of two administrators who take the role from each other, one is refused. */
  async function refuseWithoutAdministrator(transaction: WriteTransaction, lostId: string): Promise<void> {
    const left = await transaction
      .selectFrom('auth_user')
      .select('id')
      .where('role', '=', 'admin')
      .where('disabled', '=', database.flag(false))
      .where('id', '!=', lostId)
      .limit(1)
      .executeTakeFirst()
    if (left) return
    throw new Failure(
      'conflict',
      'This is the last account that may administer. Give another account the role admin first.',
    )
  }

  const find = async (transaction: WriteTransaction, id: string): Promise<User | undefined> => {
    const row = await transaction.selectFrom('auth_user').selectAll().where('id', '=', id).executeTakeFirst()
    return row && toUser(row)
  }

  return {
    async count() {
      const { total } = await db
        .selectFrom('auth_user')
        .select((select) => select.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow()
      return total
    },
    async list() {
      const rows = await db.selectFrom('auth_user').selectAll().orderBy('name').execute()
      return rows.map(toUser)
    },
    async get(id) {
      const row = await db.selectFrom('auth_user').selectAll().where('id', '=', id).executeTakeFirst()
      return row && toUser(row)
    },
    async add(user, draft) {
      onAudit(
        await database.write(async (transaction) => {
          await insert(transaction, user)
          // A link that is still open would create a second administrator.
          await transaction.deleteFrom('first_run').execute()
          return audit.appendWithin(transaction, [draft])
        }),
      )
    },
    async addFirst(user, linkHash, draft) {
      const entries = await database.write(async (transaction) => {
        const { numDeletedRows } = await transaction
          .deleteFrom('first_run')
          .where('token_hash', '=', linkHash)
          .executeTakeFirstOrThrow()
        if (numDeletedRows === 0n) return undefined
        const existing = await transaction.selectFrom('auth_user').select('id').limit(1).executeTakeFirst()
        if (existing) return undefined
        await insert(transaction, user)
        return audit.appendWithin(transaction, [draft])
      })
      if (entries) onAudit(entries)
      return entries !== undefined
    },
    async setFirstRunLink(linkHash, at) {
      const values = { token_hash: linkHash, created_at: at }
      await db
        .insertInto('first_run')
        .values({ id: 1, ...values })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
        .execute()
    },
    async hasFirstRunLink(linkHash) {
      const row = await db
        .selectFrom('first_run')
        .select('id')
        .where('token_hash', '=', linkHash)
        .executeTakeFirst()
      return row !== undefined
    },
    async change(id, change, at, draft) {
      const result = await database.write(async (transaction) => {
        await database.lockAuditChain(transaction)
        const before = await find(transaction, id)
        if (!before) return undefined
        const role = change.role ?? before.role
        const disabled = change.disabled ?? before.disabled
        const losesAdministration =
          before.role === 'admin' && !before.disabled && (role !== 'admin' || disabled)
        if (losesAdministration) await refuseWithoutAdministrator(transaction, id)
        const updatedAt = database.instant(at)
        await transaction
          .updateTable('auth_user')
          .set({ role, disabled: database.flag(disabled), updatedAt })
          .where('id', '=', id)
          .execute()
        if (change.passwordHash !== undefined) {
          await transaction
            .updateTable('auth_account')
            .set({ password: change.passwordHash, updatedAt })
            .where('userId', '=', id)
            .where('providerId', '=', PASSWORD_PROVIDER)
            .execute()
        }
        if (disabled || change.passwordHash !== undefined) {
          await transaction.deleteFrom('auth_session').where('userId', '=', id).execute()
        }
        const entries = await audit.appendWithin(transaction, [draft])
        return { user: { ...before, role, disabled }, entries }
      })
      if (result) onAudit(result.entries)
      return result?.user
    },
    async remove(id, draft) {
      const entries = await database.write(async (transaction) => {
        await database.lockAuditChain(transaction)
        const user = await find(transaction, id)
        if (!user) return undefined
        if (user.role === 'admin' && !user.disabled) await refuseWithoutAdministrator(transaction, id)
        await transaction.deleteFrom('auth_user').where('id', '=', id).execute()
        return audit.appendWithin(transaction, [draft])
      })
      if (entries) onAudit(entries)
      return entries !== undefined
    },
    async sessionsOf(userId, at) {
      const rows = await db
        .selectFrom('auth_session')
        .select(['id', 'userId', 'createdAt', 'expiresAt'])
        .where('userId', '=', userId)
        .where('expiresAt', '>', database.instant(at))
        .orderBy('createdAt', 'desc')
        .execute()
      return rows.map((row) => ({
        id: row.id,
        userId: row.userId,
        createdAt: isoOf(row.createdAt),
        expiresAt: isoOf(row.expiresAt),
      }))
    },
    async sessionOwner(sessionId) {
      const row = await db
        .selectFrom('auth_session')
        .select('userId')
        .where('id', '=', sessionId)
        .executeTakeFirst()
      return row?.userId
    },
    async endSession(sessionId, draft) {
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
    async passwordHash(name) {
      const row = await db
        .selectFrom('auth_user')
        .innerJoin('auth_account', 'auth_account.userId', 'auth_user.id')
        .selectAll('auth_user')
        .select('auth_account.password as passwordHash')
        .where('auth_user.email', '=', emailOf(name))
        .where('auth_account.providerId', '=', PASSWORD_PROVIDER)
        .executeTakeFirst()
      if (!row || row.passwordHash === null) return undefined
      return { user: toUser(row), hash: row.passwordHash }
    },
  }
}

function toUser(row: AuthUserRow): User {
  return {
    id: row.id,
    name: row.name,
    role: Role.parse(row.role),
    createdAt: isoOf(row.createdAt),
    disabled: row.disabled === true || row.disabled === 1,
  }
}

function isoOf(value: string | Date): string {
  return value instanceof Date ? value.toISOString() : value
}
