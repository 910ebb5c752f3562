import type { SessionInfo } from '@coreshift/shared/contract'
import { Failure } from '../failure.ts'
import type { SessionRepository } from '../store/session-repository.ts'
import type { Accounts } from './accounts.ts'
import { actorOf, type Identity } from './identity.ts'
import { refusalOf } from './rights.ts'
import type { Sessions } from './sessions.ts'
import type { SignInContext } from './sign-in-context.ts'

/** Sessions as their owners and administrators handle them. */
export interface CookieSessions {
  /** Sessions of whoever asks that have not expired, newest first; a token has none. */
  listOwn(who: Identity): Promise<SessionInfo[]>
  /** Those of any account. @throws Failure `not-found` */
  listOf(userId: string, by: Identity): Promise<SessionInfo[]>
  /** Ends a session of one's own, or anybody's for those who manage accounts. @throws Failure `not-found` */
  end(id: string, by: Identity, context: SignInContext): Promise<void>
  /**
   * @returns `Set-Cookie` values that make the browser forget the session
   * @throws Failure `invalid-request` for a token
   */
  signOut(who: Identity, cookie: string | undefined, context: SignInContext): Promise<readonly string[]>
}

interface CookieSessionsOptions {
  readonly sessions: Sessions
  readonly repository: SessionRepository
  readonly accounts: Accounts
  readonly now: () => Date
}

export function createCookieSessions(options: CookieSessionsOptions): CookieSessions {
  const { sessions, repository, accounts, now } = options

  async function listOf(userId: string, { sessionId }: Identity): Promise<SessionInfo[]> {
    const found = await repository.listOf(userId, now().toISOString())
    return found.map((session) => ({ ...session, current: session.id === sessionId }))
  }

  const requestOf = ({ requestId }: SignInContext) => (requestId === undefined ? {} : { requestId })

  return {
    listOwn: (who) => (who.kind === 'token' ? Promise.resolve([]) : listOf(who.id, who)),
    async listOf(userId, by) {
      if (!(await accounts.get(userId))) throw new Failure('not-found', 'There is no such account.')
      return listOf(userId, by)
    },
    async end(id, by, context) {
      const owner = await repository.ownerOf(id)
      const isOwn = by.kind === 'user' && owner === by.id
      const mayEnd = owner !== undefined && (isOwn || refusalOf(by, 'manage-users') === undefined)
      const name = mayEnd ? (await accounts.get(owner))?.name : undefined
      const ended =
        mayEnd &&
        (await repository.end(id, {
          at: now().toISOString(),
          actor: actorOf(by, context.address),
          action: 'session.ended',
          outcome: 'done',
          message: `${by.name} ended a session of ${name ?? 'an account'}.`,
          detail: { session: id, user: owner },
          ...requestOf(context),
        }))
      // Whether somebody else's session exists is nobody's business.
      if (!ended) throw new Failure('not-found', 'There is no such session.')
    },
    async signOut(who, cookie, context) {
      if (cookie === undefined || who.sessionId === undefined) {
        throw new Failure('invalid-request', 'A token has no session to end; revoke the token instead.')
      }
      await repository.end(who.sessionId, {
        at: now().toISOString(),
        actor: actorOf(who, context.address),
        action: 'session.signed-out',
        outcome: 'done',
        message: `${who.name} signed out.`,
        detail: { session: who.sessionId },
        ...requestOf(context),
      })
      return sessions.signOut(cookie)
    },
  }
}
