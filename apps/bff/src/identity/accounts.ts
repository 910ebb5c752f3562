import { UserName, type Actor, type Role, type User } from '@coreshift/shared/contract'
import type { AuditDraft } from '../audit/audit-log.ts'
import { Failure } from '../failure.ts'
import type { NewUser, UserRepository } from '../store/user-repository.ts'
import { accountAddress } from './account-address.ts'
import type { PasswordHasher } from './password-hash.ts'
import { passwordProblem } from './password-rules.ts'
import { randomSecret, secretHash } from './random-secret.ts'

export interface AccountRequest {
  readonly name: string
  readonly password: string
  readonly role: Role
}

export interface AccountChange {
  readonly role?: Role | undefined
  readonly disabled?: boolean | undefined
  readonly password?: string | undefined
}

/** Local accounts. Every change is audited in the same transaction. */
export interface Accounts {
  /** True while no account exists. */
  firstRun(): Promise<boolean>
  /** Makes the one-time link's token, `undefined` once an account exists. An earlier link is no longer valid. */
  firstRunToken(): Promise<string | undefined>
  /** Creates the first administrator. @throws Failure `not-permitted` for a link that is not valid (any more) */
  createFirst(token: string, request: Omit<AccountRequest, 'role'>, address?: string): Promise<User>
  list(): Promise<User[]>
  /** @throws Failure `invalid-request` for a weak password, `conflict` for a taken name */
  create(request: AccountRequest, actor: Actor, requestId?: string): Promise<User>
  /** @throws Failure `not-found`, `invalid-request`, or `conflict` for the last administrator */
  change(id: string, change: AccountChange, actor: Actor, requestId?: string): Promise<User>
  /** @throws Failure `not-found`, or `conflict` for the last administrator */
  remove(id: string, actor: Actor, requestId?: string): Promise<void>
  /** For HTTP Basic. @returns undefined for a wrong name or password and for a disabled account */
  verifyPassword(name: string, password: string): Promise<User | undefined>
}

export interface AccountsOptions {
  readonly repository: UserRepository
  readonly hasher: PasswordHasher
  readonly now: () => Date
  readonly newId: () => string
}

export function createAccounts({ repository, hasher, now, newId }: AccountsOptions): Accounts {
  async function newUser(request: AccountRequest): Promise<NewUser> {
    const name = UserName.safeParse(request.name)
    if (!name.success) {
      throw new Failure('invalid-request', `The name cannot be used: ${name.error.issues[0]?.message}.`, {
        issues: [{ path: 'name', message: name.error.issues[0]?.message ?? 'cannot be used' }],
      })
    }
    refuseWeak(request.password, name.data)
    return {
      id: newId(),
      name: name.data,
      role: request.role,
      createdAt: now().toISOString(),
      disabled: false,
      email: accountAddress(name.data),
      passwordHash: await hasher.hash(request.password),
    }
  }

  const draft = (
    actor: Actor,
    action: string,
    message: string,
    user: Pick<User, 'id' | 'name'>,
    detail: Readonly<Record<string, unknown>>,
    requestId?: string,
  ): AuditDraft => ({
    at: now().toISOString(),
    actor,
    action,
    outcome: 'done',
    message,
    detail: { user: user.id, name: user.name, ...detail },
    ...(requestId === undefined ? {} : { requestId }),
  })

  return {
    firstRun: async () => (await repository.count()) === 0,
    async firstRunToken() {
      if ((await repository.count()) > 0) return undefined
      const token = randomSecret()
      await repository.setFirstRunLink(secretHash(token), now().toISOString())
      return token
    },
    async createFirst(token, request, address) {
      const refused = new Failure(
        'not-permitted',
        'This link is not valid (any more). Start Coreshift again to get a new one, as long as no account exists.',
      )
      const linkHash = secretHash(token)
      // Before the costly hash: this door is open to everybody.
      if (!(await repository.hasFirstRunLink(linkHash))) throw refused
      const user = await newUser({ ...request, role: 'admin' })
      const actor: Actor = { kind: 'user', name: user.name, ...(address === undefined ? {} : { address }) }
      const message = `The first administrator "${user.name}" was created with the one-time link.`
      const added = await repository.addFirst(
        user,
        linkHash,
        draft(actor, 'user.created', message, user, { role: user.role }),
      )
      if (!added) throw refused
      return toUser(user)
    },
    list: () => repository.list(),
    async create(request, actor, requestId) {
      const user = await newUser(request)
      const message = `Account "${user.name}" with the role ${user.role} was created.`
      await repository.add(user, draft(actor, 'user.created', message, user, { role: user.role }, requestId))
      return toUser(user)
    },
    async change(id, change, actor, requestId) {
      const before = await repository.get(id)
      if (!before) throw new Failure('not-found', 'There is no such account.')
      if (change.password !== undefined) refuseWeak(change.password, before.name)
      const after = await repository.change(
        id,
        {
          ...(change.role === undefined ? {} : { role: change.role }),
          ...(change.disabled === undefined ? {} : { disabled: change.disabled }),
          ...(change.password === undefined ? {} : { passwordHash: await hasher.hash(change.password) }),
        },
        now().toISOString(),
        draft(
          actor,
          'user.changed',
          `Account "${before.name}" was changed: ${changesInWords(before, change)}.`,
          before,
          {
            before: { role: before.role, disabled: before.disabled },
            role: change.role,
            disabled: change.disabled,
          },
          requestId,
        ),
      )
      if (!after) throw new Failure('not-found', 'There is no such account.')
      return after
    },
    async remove(id, actor, requestId) {
      const user = await repository.get(id)
      const removed =
        user !== undefined &&
        (await repository.remove(
          id,
          draft(actor, 'user.removed', `Account "${user.name}" was removed.`, user, {}, requestId),
        ))
      if (!removed) throw new Failure('not-found', 'There is no such account.')
    },
    async verifyPassword(name, password) {
      const stored = await repository.passwordHash(name)
      if (!stored) {
        await hasher.pretend(password)
        return undefined
      }
      const right = await hasher.verify(password, stored.hash)
      return right && !stored.user.disabled ? stored.user : undefined
    },
  }
}

function refuseWeak(password: string, name: string): void {
  const problem = passwordProblem(password, name)
  if (problem !== undefined) {
    throw new Failure('invalid-request', problem, { issues: [{ path: 'password', message: problem }] })
  }
}

function changesInWords(before: User, change: AccountChange): string {
  const words: string[] = []
  if (change.role !== undefined && change.role !== before.role)
    words.push(`role ${before.role} to ${change.role}`)
  if (change.disabled !== undefined && change.disabled !== before.disabled) {
    words.push(change.disabled ? 'disabled' : 'enabled')
  }
  if (change.password !== undefined) words.push('new password')
  return words.length === 0 ? 'nothing' : words.join(', ')
}

function toUser({ id, name, role, createdAt, disabled }: NewUser): User {
  return { id, name, role, createdAt, disabled }
}
