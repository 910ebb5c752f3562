import { betterAuth } from 'better-auth'
import { Role } from '@coreshift/shared/contract'
import type { Database } from '../store/database.ts'
import { accountAddress } from './account-address.ts'
import type { Identity } from './identity.ts'
import type { PasswordHasher } from './password-hash.ts'

/** A session ends after this long without a visit. */
export const SESSION_LIFETIME_S = 7 * 24 * 3600
/** A visit extends the session at most this often. */
const SESSION_EXTEND_EVERY_S = 24 * 3600

export interface SignedIn {
  readonly identity: Identity
  /** `Set-Cookie` values for the browser. */
  readonly cookies: readonly string[]
}

/** Sessions of people, kept by better-auth. */
export interface Sessions {
  /** @returns undefined for a wrong name or password and for a disabled account: the three are not told apart */
  signIn(name: string, password: string): Promise<SignedIn | undefined>
  /** Reads the session of a cookie header, straight from the database. */
  read(cookie: string): Promise<Identity | undefined>
  /** The same, and extends a session that is about to end. */
  visit(cookie: string): Promise<SignedIn | undefined>
  /** @returns `Set-Cookie` values that make the browser forget the session */
  signOut(cookie: string): Promise<readonly string[]>
}

export interface SessionsOptions {
  readonly database: Database
  readonly hasher: PasswordHasher
  readonly signingKey: string
  /** Origin in the browser; https makes the cookies secure. */
  readonly origin: string
  readonly onProblem: (message: string, cause: unknown) => void
}

export function createSessions(options: SessionsOptions): Sessions {
  const auth = createAuth(options)

  return {
    async signIn(name, password) {
      try {
        const { headers, response } = await auth.api.signInEmail({
          body: { email: accountAddress(name), password },
          returnHeaders: true,
        })
        const cookies = headers.getSetCookie()
        const identity = await this.read(cookieHeaderOf(cookies))
        if (!identity || identity.id !== response.user.id) {
          throw new Error('the session that was just made cannot be read back')
        }
        return { identity, cookies }
      } catch (error) {
        if (isUnauthorized(error)) return undefined
        throw error
      }
    },
    async read(cookie) {
      const found = await auth.api.getSession({
        headers: new Headers({ cookie }),
        query: { disableRefresh: true },
      })
      return found ? toIdentity(found) : undefined
    },
    async visit(cookie) {
      const { headers, response } = await auth.api.getSession({
        headers: new Headers({ cookie }),
        returnHeaders: true,
      })
      const identity = response ? toIdentity(response) : undefined
      return identity && { identity, cookies: headers.getSetCookie() }
    },
    async signOut(cookie) {
      const { headers } = await auth.api.signOut({ headers: new Headers({ cookie }), returnHeaders: true })
      return headers.getSetCookie()
    },
  }
}

function createAuth({ database, hasher, signingKey, origin, onProblem }: SessionsOptions) {
  const disabledFlag = database.flag(true)
  return betterAuth({
    appName: 'Coreshift',
    baseURL: origin,
    secret: signingKey,
    database: { db: database.db, type: database.kind, transaction: false },
    telemetry: { enabled: false },
    logger: {
      level: 'error',
      log: (level, message, ...details) => {
        if (level === 'error') onProblem(`accounts: ${message}`, details[0])
      },
    },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      maxPasswordLength: 1000,
      password: {
        hash: (password) => hasher.hash(password),
        verify: ({ hash, password }) => hasher.verify(password, hash),
      },
    },
    user: {
      modelName: 'auth_user',
      additionalFields: {
        role: { type: 'string', required: true, input: false },
        disabled: { type: 'boolean', required: true, input: false, defaultValue: false },
      },
    },
    session: {
      modelName: 'auth_session',
      expiresIn: SESSION_LIFETIME_S,
      updateAge: SESSION_EXTEND_EVERY_S,
      // Revocation has to hold at once: every request reads the database.
      cookieCache: { enabled: false },
    },
    account: { modelName: 'auth_account' },
    verification: { modelName: 'auth_verification' },
    advanced: {
      cookiePrefix: 'coreshift',
      // The address is taken from the connection and written to the audit; headers can be forged.
      ipAddress: { disableIpTracking: true },
    },
    databaseHooks: {
      session: {
        create: {
          // A disabled account gets no session, and the answer does not tell why.
          before: async (session) => {
            const account = await database.db
              .selectFrom('auth_user')
              .select('disabled')
              .where('id', '=', session.userId)
              .executeTakeFirst()
            return account !== undefined && account.disabled !== disabledFlag
          },
        },
      },
    },
  })
}

interface FoundSession {
  readonly session: { readonly id: string; readonly expiresAt: Date }
  readonly user: {
    readonly id: string
    readonly name: string
    readonly role: string
    readonly disabled: boolean
  }
}

function toIdentity({ session, user }: FoundSession): Identity | undefined {
  const role = Role.safeParse(user.role)
  if (user.disabled || !role.success) return undefined
  return {
    kind: 'user',
    id: user.id,
    name: user.name,
    role: role.data,
    sessionId: session.id,
    expiresAt: session.expiresAt.toISOString(),
  }
}

/** What a browser would send back. */
function cookieHeaderOf(setCookies: readonly string[]): string {
  return setCookies.map((cookie) => cookie.split(';', 1)[0] ?? '').join('; ')
}

function isUnauthorized(error: unknown): boolean {
  return error instanceof Error && 'statusCode' in error && error.statusCode === 401
}
