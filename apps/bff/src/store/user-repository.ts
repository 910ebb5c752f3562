import type { Kysely } from 'kysely'
import { z } from 'zod'
import {
  ACCOUNT_SOURCES,
  Role,
  type AccessLimit,
  type AuditEntry,
  type User,
} from '@coreshift/shared/contract'
import type { AuditDraft } from '../audit/audit-log.ts'
import { Failure } from '../failure.ts'
import { refuseLimitedAdmin } from '../identity/limited-admin.ts'
import { readAccessLimit, writeAccessLimit } from './access-limit-column.ts'
import type { AuditRepository } from './audit-repository.ts'
import type { Database, WriteTransaction } from './database.ts'
import { isoOf } from './instant-column.ts'
import type { AuthUserRow, Schema } from './schema.ts'

const AccountSource = z.enum(ACCOUNT_SOURCES)

/** better-auth's name for "signs in with a password kept here". */
const PASSWORD_PROVIDER = 'credential'

/** An account of an OIDC provider, by what never changes there. */
export interface Subject {
  readonly issuer: string
  readonly subject: string
}

export interface NewUser extends Omit<User, 'twoFactor'> {
  /** better-auth knows accounts by an address: made from the name, never used for mail. */
  readonly email: string
  /** How its owner signs in. */
  readonly proof: { readonly passwordHash: string } | Subject
}

interface UserChange {
  readonly role?: Role
  /** `null`: the whole fleet. */
  readonly limitedTo?: AccessLimit | null
  readonly disabled?: boolean
  readonly passwordHash?: string
  /** With a new password: id of the session that goes on. */
  readonly keptSession?: string | undefined
}

/** Accounts and their passwords' hashes: the same tables that better-auth reads. */
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
  passwordHash(name: string): Promise<{ readonly user: User; readonly hash: string } | undefined>
  /** @returns undefined when nobody from there has an account here */
  findSubject(subject: Subject): Promise<User | undefined>
}

interface UserRepositoryOptions {
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
        limitedTo: writeAccessLimit(user.limitedTo),
        source: user.source,
        twoFactor: database.flag(false),
      })
      .execute()
    await transaction
      .insertInto('auth_account')
      .values({
        id: user.id,
        accountId: 'subject' in user.proof ? user.proof.subject : user.id,
        providerId: 'issuer' in user.proof ? user.proof.issuer : PASSWORD_PROVIDER,
        userId: user.id,
        password: 'passwordHash' in user.proof ? user.proof.passwordHash : null,
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

  const find = async (from: Kysely<Schema>, id: string): Promise<User | undefined> => {
    const row = await users(from).where('auth_user.id', '=', id).executeTakeFirst()
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
      const rows = await users(db).orderBy('auth_user.name').execute()
      return rows.map(toUser)
    },
    get: (id) => find(db, id),
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
        const limitedTo = change.limitedTo === undefined ? before.limitedTo : (change.limitedTo ?? undefined)
        refuseLimitedAdmin(role, limitedTo)
        if (change.passwordHash !== undefined && before.source !== 'password') {
          throw new Failure(
            'conflict',
            'This account signs in at the OIDC provider; it has no password here.',
          )
        }
        const losesAdministration =
          before.role === 'admin' && !before.disabled && (role !== 'admin' || disabled)
        if (losesAdministration) await refuseWithoutAdministrator(transaction, id)
        const updatedAt = database.instant(at)
        await transaction
          .updateTable('auth_user')
          .set({ role, disabled: database.flag(disabled), limitedTo: writeAccessLimit(limitedTo), updatedAt })
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
          await transaction
            .deleteFrom('auth_session')
            .where('userId', '=', id)
            .$if(change.keptSession !== undefined && !disabled, (rows) =>
              rows.where('id', '!=', change.keptSession ?? ''),
            )
            .execute()
        }
        const user = await find(transaction, id)
        return { user, entries: await audit.appendWithin(transaction, [draft]) }
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
    async passwordHash(name) {
      const row = await users(db)
        .innerJoin('auth_account', 'auth_account.userId', 'auth_user.id')
        .select('auth_account.password as passwordHash')
        .where('auth_user.email', '=', emailOf(name))
        .where('auth_account.providerId', '=', PASSWORD_PROVIDER)
        .executeTakeFirst()
      if (!row || row.passwordHash === null) return undefined
      return { user: toUser(row), hash: row.passwordHash }
    },
    async findSubject({ issuer, subject }) {
      const row = await users(db)
        .innerJoin('auth_account', 'auth_account.userId', 'auth_user.id')
        .where('auth_account.providerId', '=', issuer)
        .where('auth_account.accountId', '=', subject)
        .executeTakeFirst()
      return row && toUser(row)
    },
  }
}

function users(from: Kysely<Schema>) {
  return from
    .selectFrom('auth_user')
    .select([
      'auth_user.id',
      'auth_user.name',
      'auth_user.role',
      'auth_user.limitedTo',
      'auth_user.createdAt',
      'auth_user.disabled',
      'auth_user.source',
      'auth_user.twoFactor',
    ])
}

type UserFacts = Pick<
  AuthUserRow,
  'id' | 'name' | 'role' | 'limitedTo' | 'createdAt' | 'disabled' | 'source' | 'twoFactor'
>

function toUser(row: UserFacts): User {
  const limitedTo = readAccessLimit(row.limitedTo)
  return {
    id: row.id,
    name: row.name,
    role: Role.parse(row.role),
    ...(limitedTo === undefined ? {} : { limitedTo }),
    createdAt: isoOf(row.createdAt),
    disabled: isSet(row.disabled),
    source: AccountSource.parse(row.source),
    twoFactor: isSet(row.twoFactor),
  }
}

function isSet(flag: number | boolean): boolean {
  return flag === true || flag === 1
}
