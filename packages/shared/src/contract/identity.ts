import { z } from 'zod'
import { AccessLimit } from './access-limit.ts'
import { Instant } from './primitives.ts'

export const ROLES = ['viewer', 'operator', 'admin'] as const
export const Role = z
  .enum(ROLES)
  .describe('viewer: looks; operator: resizes; admin: hosts, users, settings too')
export type Role = z.infer<typeof Role>

export const UserName = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/, 'letters, digits, dots, dashes, underscores or @, 64 at most')

/** Length is what counts; the list of well-known passwords is checked on the server. */
export const Password = z.string().min(10, 'at least 10 characters').max(256, 'at most 256 characters')

/** Where an account's owner proves who it is: with a password kept here, or at the OIDC provider. */
export const ACCOUNT_SOURCES = ['password', 'oidc'] as const

/** An administrator administers the whole. */
const isSensible = ({ role, limitedTo }: { role: Role; limitedTo?: AccessLimit | undefined }): boolean =>
  role !== 'admin' || limitedTo === undefined

const NOT_SENSIBLE = { path: ['limitedTo'], message: 'an admin cannot be limited; choose viewer or operator' }

export const User = z
  .object({
    id: z.string(),
    name: z.string(),
    role: Role,
    limitedTo: AccessLimit.optional().describe('absent: the whole fleet'),
    createdAt: Instant,
    disabled: z.boolean(),
    source: z.enum(ACCOUNT_SOURCES),
    twoFactor: z.boolean().describe('true: a code of an authenticator is asked for at every sign-in'),
  })
  .meta({ id: 'User' })
export type User = z.infer<typeof User>

export const UserInput = z
  .object({ name: UserName, password: Password, role: Role, limitedTo: AccessLimit.optional() })
  .strict()
  .refine(isSensible, NOT_SENSIBLE)
  .meta({ id: 'UserInput' })

/** A new password of one's own; the present one shows that it is its owner who asks. */
export const OwnPasswordInput = z
  .object({ password: z.string().min(1).max(1000).describe('the present one'), next: Password })
  .strict()
  .meta({ id: 'OwnPasswordInput' })

export const SignInInput = z
  .object({ name: z.string().min(1).max(200), password: z.string().min(1).max(1000) })
  .strict()
  .meta({ id: 'SignInInput' })

export const FirstRunInput = z
  .object({ token: z.string().min(1).max(200), name: UserName, password: Password })
  .strict()
  .meta({ id: 'FirstRunInput' })

/** What the sign-in page offers. */
export const SignInOptions = z
  .object({
    password: z.boolean().describe('true: name and password'),
    oidc: z
      .object({
        name: z.string().describe('what people call it, for the button'),
        href: z.string().describe('where the browser goes to; `?next=/path` says where it comes back to'),
      })
      .optional()
      .describe('absent: no OIDC provider is configured'),
    firstRun: z.boolean().describe('true while no account exists'),
  })
  .meta({ id: 'SignInOptions' })
export type SignInOptions = z.infer<typeof SignInOptions>

/** Why the OIDC provider's door did not open; the sign-in page gets one as `?problem=…`. */
export const SIGN_IN_PROBLEMS = [
  'oidc-unavailable',
  'oidc-expired',
  'oidc-refused',
  'oidc-not-allowed',
  'oidc-name-taken',
] as const
export type SignInProblem = (typeof SIGN_IN_PROBLEMS)[number]

/** Who is asking, and what the product is: the page's first request. */
export const Session = z
  .object({
    user: z
      .object({
        id: z.string(),
        name: z.string(),
        role: Role,
        limitedTo: AccessLimit.optional().describe('absent: the whole fleet'),
      })
      .optional()
      .describe('absent: not signed in'),
    pending: z
      .enum(['two-factor-code', 'two-factor-enrolment'])
      .optional()
      .describe(
        'what is missing before anything else works: the code of the authenticator (the password was right), or an authenticator at all (an administrator requires one)',
      ),
    firstRun: z.boolean().describe('true while no account exists'),
    demo: z.boolean().describe('true when a simulated host is served'),
    version: z.string(),
  })
  .meta({ id: 'Session' })
export type Session = z.infer<typeof Session>

export const Token = z
  .object({
    id: z.string(),
    name: z.string(),
    role: Role,
    limitedTo: AccessLimit.optional().describe('absent: the whole fleet'),
    createdAt: Instant,
    lastUsedAt: Instant.optional(),
    expiresAt: Instant.optional(),
  })
  .meta({ id: 'Token' })
export type Token = z.infer<typeof Token>

export const TokenInput = z
  .object({
    name: z.string().trim().min(1).max(100),
    role: Role,
    limitedTo: AccessLimit.optional(),
    expiresAt: Instant.optional(),
  })
  .strict()
  .refine(isSensible, NOT_SENSIBLE)
  .meta({ id: 'TokenInput' })

/** A signed-in browser. */
export const SessionInfo = z
  .object({
    id: z.string(),
    createdAt: Instant,
    expiresAt: Instant,
    current: z.boolean(),
    address: z.string().optional().describe('from where it was begun'),
    userAgent: z.string().optional().describe('what the browser calls itself'),
  })
  .meta({ id: 'SessionInfo' })
export type SessionInfo = z.infer<typeof SessionInfo>

export const SessionList = z.object({ items: z.array(SessionInfo) }).meta({ id: 'SessionList' })
export type SessionList = z.infer<typeof SessionList>

export const UserList = z
  .object({ items: z.array(User), nextCursor: z.string().optional() })
  .meta({ id: 'UserList' })
export type UserList = z.infer<typeof UserList>

export const UserPatch = z
  .object({
    role: Role.optional(),
    limitedTo: AccessLimit.nullable().optional().describe('null: the whole fleet from now on'),
    disabled: z.boolean().optional().describe('true: cannot sign in, sessions end at once'),
    password: Password.optional().describe('a new password; ends all sessions of the account'),
  })
  .strict()
  .meta({ id: 'UserPatch' })
export type UserPatch = z.infer<typeof UserPatch>

export const TokenList = z
  .object({ items: z.array(Token), nextCursor: z.string().optional() })
  .meta({ id: 'TokenList' })
export type TokenList = z.infer<typeof TokenList>

export const TokenCreated = z
  .object({
    token: Token,
    secret: z.string().describe('goes behind `Authorization: Bearer`; shown this once'),
  })
  .meta({ id: 'TokenCreated' })
export type TokenCreated = z.infer<typeof TokenCreated>
