import { UserName, type AccessLimit, type Actor, type Role, type User } from '@coreshift/shared/contract'
import type { AuditDraft } from '../audit/audit-log.ts'
import { Failure } from '../failure.ts'
import type { NewUser, Subject, UserRepository } from '../store/user-repository.ts'
import { accountAddress } from './account-address.ts'
import { refuseLimitedAdmin } from './limited-admin.ts'
import type { PasswordHasher } from './password-hash.ts'
import { passwordProblem } from './password-rules.ts'
import { randomSecret, secretHash } from '../secrets/random-secret.ts'

interface AccountRequest {
  readonly name: string
  readonly password: string
  readonly role: Role
  readonly limitedTo?: AccessLimit | undefined
}

/** An account whose owner signs in at the OIDC provider. */
interface SubjectRequest {
  readonly name: string
  readonly role: Role
  readonly subject: Subject
}

interface AccountChange {
  readonly role?: Role | undefined
  /** `null`: the whole fleet from now on. */
  readonly limitedTo?: AccessLimit | null | undefined
  readonly disabled?: boolean | undefined
  readonly password?: string | undefined
}

/** Who sets a new password for themselves. */
interface OwnPasswordChange {
  readonly actor: Actor
  /** Id of the session that goes on; all others of the account end. */
  readonly keptSession?: string
  readonly requestId?: string
}

/** An account with what its password is checked against. */
export interface ProvenAccount {
  readonly user: User
  readonly passwordHash: string
}

/** Accounts. Every change is audited in the same transaction. */
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
  /** @throws Failure `not-found`, `invalid-request` for a weak password */
  changeOwnPassword(user: User, next: string, change: OwnPasswordChange): Promise<void>
  /** @throws Failure `not-found`, or `conflict` for the last administrator */
  remove(id: string, actor: Actor, requestId?: string): Promise<void>
  /** @returns undefined for a wrong name or password and for a disabled account: the three are not told apart */
  verifyPassword(name: string, password: string): Promise<ProvenAccount | undefined>
  /** @returns undefined when the account is gone, disabled, or has no password here */
  ofPassword(name: string): Promise<ProvenAccount | undefined>
  get(id: string): Promise<User | undefined>
  /** The account of somebody at the OIDC provider, disabled ones too. */
  findSubject(subject: Subject): Promise<User | undefined>
  /** Throws like `create`. */
  createForSubject(request: SubjectRequest, actor: Actor, requestId?: string): Promise<User>
}

interface AccountsOptions {
  readonly repository: UserRepository
  readonly hasher: PasswordHasher
  readonly now: () => Date
  readonly newId: () => string
}

export function createAccounts({ repository, hasher, now, newId }: AccountsOptions): Accounts {
  function newUser(
    { name: given, role, limitedTo }: Pick<AccountRequest, 'name' | 'role' | 'limitedTo'>,
    source: User['source'],
    proof: NewUser['proof'],
  ): NewUser {
    const name = checkedName(given)
    refuseLimitedAdmin(role, limitedTo)
    return {
      id: newId(),
      name,
      role,
      ...(limitedTo === undefined ? {} : { limitedTo }),
      createdAt: now().toISOString(),
      disabled: false,
      source,
      email: accountAddress(name),
      proof,
    }
  }

  async function newPasswordUser(request: AccountRequest): Promise<NewUser> {
    refuseWeak(request.password, checkedName(request.name))
    return newUser(request, 'password', { passwordHash: await hasher.hash(request.password) })
  }

  async function add(user: NewUser, actor: Actor, requestId: string | undefined): Promise<User> {
    const message = `Account "${user.name}" with the role ${user.role} was created.`
    const detail = { role: user.role, limitedTo: user.limitedTo }
    await repository.add(user, draft(actor, 'user.created', message, user, detail, requestId))
    return toUser(user)
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
      const user = await newPasswordUser({ ...request, role: 'admin' })
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
    create: async (request, actor, requestId) => add(await newPasswordUser(request), actor, requestId),
    createForSubject: (request, actor, requestId) =>
      add(newUser(request, 'oidc', request.subject), actor, requestId),
    get: (id) => repository.get(id),
    findSubject: (subject) => repository.findSubject(subject),
    async change(id, change, actor, requestId) {
      const before = await repository.get(id)
      if (!before) throw new Failure('not-found', 'There is no such account.')
      if (change.password !== undefined) refuseWeak(change.password, before.name)
      const after = await repository.change(
        id,
        {
          ...(change.role === undefined ? {} : { role: change.role }),
          ...(change.limitedTo === undefined ? {} : { limitedTo: change.limitedTo }),
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
            before: { role: before.role, limitedTo: before.limitedTo, disabled: before.disabled },
            role: change.role,
            limitedTo: change.limitedTo,
            disabled: change.disabled,
          },
          requestId,
        ),
      )
      if (!after) throw new Failure('not-found', 'There is no such account.')
      return after
    },
    async changeOwnPassword(user, next, { actor, keptSession, requestId }) {
      refuseWeak(next, user.name, 'next')
      const message = `${user.name} set a new password; their other sessions ended.`
      const changed = await repository.change(
        user.id,
        { passwordHash: await hasher.hash(next), keptSession },
        now().toISOString(),
        draft(actor, 'user.password-changed', message, user, { keptSession }, requestId),
      )
      if (!changed) throw new Failure('not-found', 'There is no such account.')
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
      return right && !stored.user.disabled ? { user: stored.user, passwordHash: stored.hash } : undefined
    },
    async ofPassword(name) {
      const stored = await repository.passwordHash(name)
      return stored && !stored.user.disabled ? { user: stored.user, passwordHash: stored.hash } : undefined
    },
  }
}

function checkedName(given: string): string {
  const name = UserName.safeParse(given)
  if (name.success) return name.data
  const message = name.error.issues[0]?.message ?? 'it is not accepted'
  throw new Failure('invalid-request', `The name cannot be used: ${message}.`, {
    issues: [{ path: 'name', message }],
  })
}

/** @param path where the password stands in the request */
function refuseWeak(password: string, name: string, path = 'password'): void {
  const problem = passwordProblem(password, name)
  if (problem !== undefined) {
    throw new Failure('invalid-request', problem, { issues: [{ path, message: problem }] })
  }
}

function changesInWords(before: User, change: AccountChange): string {
  const words: string[] = []
  if (change.role !== undefined && change.role !== before.role)
    words.push(`role ${before.role} to ${change.role}`)
  if (change.limitedTo !== undefined) {
    words.push(change.limitedTo === null ? 'for the whole fleet' : 'for a part of the fleet')
  }
  if (change.disabled !== undefined && change.disabled !== before.disabled) {
    words.push(change.disabled ? 'disabled' : 'enabled')
  }
  if (change.password !== undefined) words.push('new password')
  return words.length === 0 ? 'nothing' : words.join(', ')
}

function toUser({ email: _email, proof: _proof, ...user }: NewUser): User {
  return { ...user, twoFactor: false }
}
