import { betterAuth, type BetterAuthPlugin } from 'better-auth'
import { createAuthEndpoint } from 'better-auth/api'
import { setSessionCookie } from 'better-auth/cookies'
import { z } from 'zod'
import { Role } from '@coreshift/shared/contract'
import { readAccessLimit } from '../store/access-limit-column.ts'
import type { Database } from '../store/database.ts'
import type { Identity } from './identity.ts'

/** A session ends after this long without a visit. */
const SESSION_LIFETIME_S = 7 * 24 * 3600
/** A visit extends the session at most this often. */
const SESSION_EXTEND_EVERY_S = 24 * 3600

export interface SignedIn {
  readonly identity: Identity
  /** `Set-Cookie` values for the browser. */
  readonly cookies: readonly string[]
}

/** Where a session begins, for its owner to recognise it by. */
export interface SessionOrigin {
  readonly address?: string | undefined
  readonly userAgent?: string | undefined
}

/** Sessions of people, kept by better-auth. Who they are was found out before. */
export interface Sessions {
  /**
   * Always a new session: one that the browser brought along is not taken up.
   * @returns undefined for an account that is disabled or gone
   */
  begin(userId: string, origin: SessionOrigin): Promise<SignedIn | undefined>
  /** Reads the session of a cookie header, straight from the database. */
  read(cookie: string): Promise<Identity | undefined>
  /** The same, and extends a session that is about to end. */
  visit(cookie: string): Promise<SignedIn | undefined>
  /** @returns `Set-Cookie` values that make the browser forget the session */
  signOut(cookie: string): Promise<readonly string[]>
}

interface SessionsOptions {
  readonly database: Database
  readonly signingKey: string
  /** Origin in the browser; https makes the cookies secure. */
  readonly origin: string
  /** Whether an account with a password needs an authenticator as well. */
  readonly twoFactorRequired: () => boolean
  readonly onProblem: (message: string, cause: unknown) => void
}

/** Longest name of a browser that is kept. */
const USER_AGENT_MAX = 300

export function createSessions(options: SessionsOptions): Sessions {
  const auth = createAuth(options)

  const toIdentity = (found: FoundSession): Identity | undefined =>
    identityOf(found, options.twoFactorRequired())

  return {
    async begin(userId, { address, userAgent }) {
      const { headers, response } = await auth.api.beginSession({
        body: { userId, address: address ?? '', userAgent: userAgent?.slice(0, USER_AGENT_MAX) ?? '' },
        returnHeaders: true,
      })
      if (!response.begun) return undefined
      const cookies = headers.getSetCookie()
      const identity = await this.read(cookieHeaderOf(cookies))
      if (!identity || identity.id !== userId) {
        throw new Error('the session that was just made cannot be read back')
      }
      return { identity, cookies }
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

function createAuth({ database, signingKey, origin, onProblem }: SessionsOptions) {
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
    plugins: [beginSessionPlugin],
    user: {
      modelName: 'auth_user',
      additionalFields: {
        role: { type: 'string', required: true, input: false },
        disabled: { type: 'boolean', required: true, input: false, defaultValue: false },
        limitedTo: { type: 'string', required: false, input: false },
        source: { type: 'string', required: true, input: false },
        twoFactor: { type: 'boolean', required: true, input: false, defaultValue: false },
      },
    },
    session: {
      modelName: 'auth_session',
      expiresIn: SESSION_LIFETIME_S,
      updateAge: SESSION_EXTEND_EVERY_S,
      // A session that has ended must not live on in the browser's cookie.
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

/**
 * better-auth's sessions for accounts that proved themselves by our own means (password and authenticator, OIDC): an
 * endpoint that no request reaches.
 */
const beginSessionPlugin = {
  id: 'coreshift-begin-session',
  endpoints: {
    beginSession: createAuthEndpoint.serverOnly(
      {
        method: 'POST',
        body: z.object({ userId: z.string(), address: z.string(), userAgent: z.string() }),
      },
      async (context) => {
        const { userId, address, userAgent } = context.body
        const { internalAdapter } = context.context
        const user = await internalAdapter.findUserById(userId)
        const session =
          user && (await internalAdapter.createSession(userId, false, { ipAddress: address, userAgent }))
        if (!user || !session) return { begun: false }
        await setSessionCookie(context, { session, user })
        return { begun: true }
      },
    ),
  },
} satisfies BetterAuthPlugin

interface FoundSession {
  readonly session: { readonly id: string; readonly expiresAt: Date }
  readonly user: {
    readonly id: string
    readonly name: string
    readonly role: string
    readonly disabled: boolean
    readonly limitedTo?: string | null | undefined
    readonly source: string
    readonly twoFactor: boolean
  }
}

function identityOf({ session, user }: FoundSession, twoFactorRequired: boolean): Identity | undefined {
  const role = Role.safeParse(user.role)
  if (user.disabled || !role.success) return undefined
  const limitedTo = readAccessLimit(user.limitedTo ?? null)
  const passwordOnly = user.source === 'password' && !user.twoFactor
  return {
    kind: 'user',
    id: user.id,
    name: user.name,
    role: role.data,
    ...(limitedTo === undefined ? {} : { limitedTo }),
    ...(passwordOnly ? { passwordOnly, ...(twoFactorRequired ? { mustEnrol: true as const } : {}) } : {}),
    sessionId: session.id,
    expiresAt: session.expiresAt.toISOString(),
  }
}

/** What a browser would send back. */
function cookieHeaderOf(setCookies: readonly string[]): string {
  return setCookies.map((cookie) => cookie.split(';', 1)[0] ?? '').join('; ')
}
