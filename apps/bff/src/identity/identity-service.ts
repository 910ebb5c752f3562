import type { AuditLog } from '../audit/audit-log.ts'
import type { SecretBox } from '../secrets/secret-box.ts'
import type { Database } from '../store/database.ts'
import type { SessionRepository } from '../store/session-repository.ts'
import type { TokenRepository } from '../store/token-repository.ts'
import type { TwoFactorRepository } from '../store/two-factor-repository.ts'
import type { UserRepository } from '../store/user-repository.ts'
import { createAccessTokens, type AccessTokens } from './access-tokens.ts'
import { createAccounts, type Accounts } from './accounts.ts'
import { createCookieSessions, type CookieSessions } from './cookie-sessions.ts'
import { endOf } from './identity-end.ts'
import type { Identity, IdentityEnd } from './identity.ts'
import type { OidcSettings } from './oidc/oidc-environment.ts'
import { createOidcProvider } from './oidc/oidc-provider.ts'
import { createOidcSignIn, type OidcSignIn } from './oidc/oidc-sign-in.ts'
import { createOwnAccount } from './own-account.ts'
import { createOwnPassword, type OwnPassword } from './own-password.ts'
import { createOwnTwoFactor, type OwnTwoFactor } from './own-two-factor.ts'
import { createPasswordHasher } from './password-hash.ts'
import { createPasswordSignIn, type PasswordSignIn } from './password-sign-in.ts'
import { rememberIdentities } from './remembered-identities.ts'
import { createSecondStep } from './second-step.ts'
import { createSessions, type SignedIn } from './sessions.ts'
import { createSignInRecord } from './sign-in-record.ts'
import { createTwoFactor } from './two-factor.ts'

/** The two headers that carry an identity. */
export interface Credentials {
  readonly authorization?: string | undefined
  readonly cookie?: string | undefined
}

/** Who is asking, for every door alike. */
export interface IdentityService {
  readonly accounts: Accounts
  readonly tokens: AccessTokens
  readonly passwordSignIn: PasswordSignIn
  readonly twoFactor: OwnTwoFactor
  readonly ownPassword: OwnPassword
  readonly sessions: CookieSessions
  /** Absent where no OIDC provider is configured. */
  readonly oidc: OidcSignIn | undefined
  /** A bearer token counts before a cookie; a token that is not valid is not made up for by a cookie. */
  authenticate(credentials: Credentials): Promise<Identity | undefined>
  /** Like `authenticate` for a browser's first request: extends the session and returns its new cookies. */
  visit(credentials: Credentials): Promise<SignedIn | undefined>
  /** Called at once when a session, a token or an account ended, in whichever process that was decided. */
  onEnd(listener: (end: IdentityEnd) => void): () => void
}

export interface IdentityOptions {
  readonly database: Database
  readonly users: UserRepository
  readonly sessions: SessionRepository
  readonly twoFactors: TwoFactorRepository
  readonly tokens: TokenRepository
  readonly audit: AuditLog
  readonly signingKey: string
  /** Seals the keys of authenticators. */
  readonly secrets: SecretBox
  /** Origin in the browser; https makes the cookies secure. */
  readonly origin: string
  /** The provider at which people may sign in, and the origin to which it sends browsers back. */
  readonly oidc?: { readonly settings: OidcSettings; readonly origin: () => string } | undefined
  /** Whether an administrator requires authenticators. */
  readonly twoFactorRequired: () => boolean
  readonly now: () => Date
  readonly newId: () => string
  readonly onProblem: (message: string, cause: unknown) => void
}

export function createIdentityService(options: IdentityOptions): IdentityService {
  const { audit, now, newId, twoFactorRequired, signingKey } = options
  const accounts = createAccounts({
    repository: options.users,
    hasher: createPasswordHasher(),
    now,
    newId,
  })
  const tokens = createAccessTokens({ repository: options.tokens, now, newId })
  const sessions = createSessions(options)
  const twoFactor = createTwoFactor({
    repository: options.twoFactors,
    secrets: options.secrets,
    required: twoFactorRequired,
    now,
  })
  const record = createSignInRecord(audit, now)
  const nowMs = (): number => now().getTime()
  const passwordSignIn = createPasswordSignIn({
    accounts,
    sessions,
    twoFactor,
    twoFactorRequired,
    secondStep: createSecondStep({
      signingKey,
      secure: options.origin.startsWith('https:'),
      nowMs,
    }),
    record,
    now,
  })
  const own = createOwnAccount(accounts, passwordSignIn)
  const oidc =
    options.oidc &&
    createOidcSignIn({
      ...options.oidc,
      provider: createOidcProvider(options.oidc.settings),
      accounts,
      sessions,
      record,
      signingKey,
      nowMs,
      onProblem: options.onProblem,
    })

  const remembered = rememberIdentities(nowMs)
  // Whatever changes who may do what is in the audit, and so is much that does not: looking up once more is cheap.
  audit.onAppend(() => remembered.forget())

  return {
    accounts,
    tokens,
    passwordSignIn,
    oidc,
    twoFactor: createOwnTwoFactor({ accounts, twoFactor, own }),
    ownPassword: createOwnPassword(accounts, own),
    sessions: createCookieSessions({ sessions, repository: options.sessions, accounts, now }),
    authenticate({ authorization, cookie }) {
      if (authorization !== undefined) {
        const secret = bearerOf(authorization)
        if (secret === undefined) return Promise.resolve(undefined)
        return remembered.find(`token ${secret}`, () => tokens.identify(secret))
      }
      if (cookie === undefined) return Promise.resolve(undefined)
      return remembered.find(`cookie ${cookie}`, () => sessions.read(cookie))
    },
    async visit(credentials) {
      if (credentials.authorization === undefined && credentials.cookie !== undefined) {
        return sessions.visit(credentials.cookie)
      }
      const identity = await this.authenticate(credentials)
      return identity && { identity, cookies: [] }
    },
    onEnd(listener) {
      return audit.onAppend((entry) => {
        const end = endOf(entry)
        if (end) listener(end)
      })
    },
  }
}

/** RFC 6750: the scheme in any case, one token. */
function bearerOf(authorization: string): string | undefined {
  return /^bearer +([A-Za-z0-9._~+/=-]{1,500})$/i.exec(authorization.trim())?.[1]
}
