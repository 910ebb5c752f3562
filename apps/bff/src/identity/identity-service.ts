import type { Actor, AuditEntry, SessionInfo } from '@coreshift/shared/contract'
import type { AuditLog } from '../audit/audit-log.ts'
import { Failure } from '../failure.ts'
import type { Database } from '../store/database.ts'
import type { TokenRepository } from '../store/token-repository.ts'
import type { UserRepository } from '../store/user-repository.ts'
import { createAccessTokens, type AccessTokens } from './access-tokens.ts'
import { createAccounts, type Accounts } from './accounts.ts'
import { actorOf, type Identity, type IdentityEnd } from './identity.ts'
import { createPasswordHasher } from './password-hash.ts'
import { can } from './rights.ts'
import { createSessions, type SignedIn } from './sessions.ts'
import { createSignInThrottle } from './sign-in-throttle.ts'

/** The two headers that carry an identity. */
export interface Credentials {
  readonly authorization?: string | undefined
  readonly cookie?: string | undefined
}

export interface SignInContext {
  readonly address?: string
  readonly requestId?: string
}

/** Who is asking, for every door alike. */
export interface IdentityService {
  readonly accounts: Accounts
  readonly tokens: AccessTokens
  /** A bearer token counts before a cookie; a token that is not valid is not made up for by a cookie. */
  authenticate(credentials: Credentials): Promise<Identity | undefined>
  /** Like `authenticate` for a browser's first request: extends the session and returns its new cookies. */
  visit(credentials: Credentials): Promise<SignedIn | undefined>
  /**
   * @throws Failure `unauthenticated` for a wrong name or password, `rate-limited` while the name has to wait
   */
  signIn(name: string, password: string, context: SignInContext): Promise<SignedIn>
  /**
   * For one request of a program that sends a person's name and password with each: no session begins.
   * Throws like `signIn`.
   */
  identifyByPassword(name: string, password: string, context: SignInContext): Promise<Identity>
  /** @returns `Set-Cookie` values that make the browser forget the session */
  signOut(identity: Identity, credentials: Credentials, context: SignInContext): Promise<readonly string[]>
  /** Sessions of the account that have not expired, newest first. */
  sessionsOf(identity: Identity): Promise<SessionInfo[]>
  /** Ends a session of one's own, or anybody's for those who manage accounts. @throws Failure `not-found` */
  endSession(id: string, by: Identity, context: SignInContext): Promise<void>
  /** Called at once when a session, a token or an account ended, in whichever process that was decided. */
  onEnd(listener: (end: IdentityEnd) => void): () => void
}

export interface IdentityOptions {
  readonly database: Database
  readonly users: UserRepository
  readonly tokens: TokenRepository
  readonly audit: AuditLog
  readonly signingKey: string
  /** Origin in the browser; https makes the cookies secure. */
  readonly origin: string
  readonly now: () => Date
  readonly newId: () => string
  readonly onProblem: (message: string, cause: unknown) => void
}

export function createIdentityService(options: IdentityOptions): IdentityService {
  const { audit, now, newId } = options
  const hasher = createPasswordHasher()
  const sessions = createSessions({ ...options, hasher })
  const accounts = createAccounts({ repository: options.users, hasher, now, newId })
  const tokens = createAccessTokens({ repository: options.tokens, now, newId })
  const throttle = createSignInThrottle()

  async function auditSignIn(
    name: string,
    outcome: 'done' | 'refused',
    context: SignInContext,
  ): Promise<void> {
    await audit.append({
      at: now().toISOString(),
      actor: person(name, context),
      action: outcome === 'done' ? 'session.signed-in' : 'session.refused',
      outcome,
      message: outcome === 'done' ? `${name} signed in.` : `A sign-in as "${name}" was refused.`,
      ...(context.requestId === undefined ? {} : { requestId: context.requestId }),
    })
  }

  /** Checks a password under the throttle and audits what is refused. @throws Failure like `signIn` */
  async function throttled<T>(
    name: string,
    context: SignInContext,
    check: () => Promise<T | undefined>,
  ): Promise<T> {
    const waitMs = throttle.waitMs(name, now().getTime())
    if (waitMs > 0) {
      throw new Failure(
        'rate-limited',
        `Too many wrong passwords for this account. Try again in ${Math.ceil(waitMs / 1000)} s.`,
      )
    }
    const found = await check()
    if (found === undefined) {
      throttle.failed(name, now().getTime())
      await auditSignIn(shortened(name), 'refused', context)
      throw new Failure('unauthenticated', 'The name or the password is wrong.')
    }
    throttle.succeeded(name)
    return found
  }

  return {
    accounts,
    tokens,
    authenticate({ authorization, cookie }) {
      if (authorization !== undefined) {
        const secret = bearerOf(authorization)
        return secret === undefined ? Promise.resolve(undefined) : tokens.identify(secret)
      }
      return cookie === undefined ? Promise.resolve(undefined) : sessions.read(cookie)
    },
    async visit(credentials) {
      if (credentials.authorization === undefined && credentials.cookie !== undefined) {
        return sessions.visit(credentials.cookie)
      }
      const identity = await this.authenticate(credentials)
      return identity && { identity, cookies: [] }
    },
    async signIn(name, password, context) {
      const signedIn = await throttled(name, context, () => sessions.signIn(name, password))
      await auditSignIn(signedIn.identity.name, 'done', context)
      return signedIn
    },
    async identifyByPassword(name, password, context) {
      const {
        id,
        name: known,
        role,
      } = await throttled(name, context, () => accounts.verifyPassword(name, password))
      return { kind: 'user', id, name: known, role }
    },
    async signOut(identity, { cookie }, context) {
      if (cookie === undefined || identity.sessionId === undefined) {
        throw new Failure('invalid-request', 'A token has no session to end; revoke the token instead.')
      }
      const cookies = await sessions.signOut(cookie)
      await audit.append({
        at: now().toISOString(),
        actor: actorOf(identity, context.address),
        action: 'session.signed-out',
        outcome: 'done',
        message: `${identity.name} signed out.`,
        detail: { session: identity.sessionId },
        ...(context.requestId === undefined ? {} : { requestId: context.requestId }),
      })
      return cookies
    },
    async sessionsOf({ kind, id, sessionId }) {
      if (kind === 'token') return []
      const sessions = await options.users.sessionsOf(id, now().toISOString())
      return sessions.map(({ userId: _userId, ...session }) => ({
        ...session,
        current: session.id === sessionId,
      }))
    },
    async endSession(id, by, context) {
      const owner = await options.users.sessionOwner(id)
      const mayEnd =
        owner !== undefined && ((by.kind === 'user' && owner === by.id) || can(by, 'manage-users'))
      const name = mayEnd ? (await options.users.get(owner))?.name : undefined
      const ended =
        mayEnd &&
        (await options.users.endSession(id, {
          at: now().toISOString(),
          actor: actorOf(by, context.address),
          action: 'session.ended',
          outcome: 'done',
          message: `${by.name} ended a session of ${name ?? 'an account'}.`,
          detail: { session: id, user: owner },
          ...(context.requestId === undefined ? {} : { requestId: context.requestId }),
        }))
      // Whether somebody else's session exists is nobody's business.
      if (!ended) throw new Failure('not-found', 'There is no such session.')
    },
    onEnd(listener) {
      return audit.onAppend((entry) => {
        const end = endOf(entry)
        if (end) listener(end)
      })
    },
  }
}

/**
 * The audit says in every process who ended, because it is written with the change and heard by all: the command
 * line and other servers included.
 */
function endOf({ action, detail }: AuditEntry): IdentityEnd | undefined {
  const id = (key: string): string | undefined =>
    typeof detail?.[key] === 'string' ? detail[key] : undefined
  switch (action) {
    case 'session.signed-out':
    case 'session.ended': {
      const session = id('session')
      return session === undefined ? undefined : { kind: 'session', id: session }
    }
    case 'token.revoked': {
      const token = id('token')
      return token === undefined ? undefined : { kind: 'token', id: token }
    }
    case 'user.changed':
    case 'user.removed': {
      const user = id('user')
      return user === undefined ? undefined : { kind: 'user', id: user }
    }
    default:
      return undefined
  }
}

/** RFC 6750: the scheme in any case, one token. */
function bearerOf(authorization: string): string | undefined {
  return /^bearer +([A-Za-z0-9._~+/=-]{1,500})$/i.exec(authorization.trim())?.[1]
}

function person(name: string, { address }: SignInContext): Actor {
  return { kind: 'user', name, ...(address === undefined ? {} : { address }) }
}

/** What somebody typed into the name field: bounded before it is stored for ever. */
function shortened(name: string): string {
  return name.length <= 64 ? name : `${name.slice(0, 64)}…`
}
