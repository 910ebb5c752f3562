import { z } from 'zod'
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

export const User = z
  .object({ id: z.string(), name: z.string(), role: Role, createdAt: Instant, disabled: z.boolean() })
  .meta({ id: 'User' })
export type User = z.infer<typeof User>

export const UserInput = z
  .object({ name: UserName, password: Password, role: Role })
  .strict()
  .meta({ id: 'UserInput' })

export const SignInInput = z
  .object({ name: z.string().min(1).max(200), password: z.string().min(1).max(1000) })
  .strict()
  .meta({ id: 'SignInInput' })

export const FirstRunInput = z
  .object({ token: z.string().min(1).max(200), name: UserName, password: Password })
  .strict()
  .meta({ id: 'FirstRunInput' })

/** Who is asking, and what the product is: the page's first request. */
export const Session = z
  .object({
    user: z
      .object({ id: z.string(), name: z.string(), role: Role })
      .optional()
      .describe('absent: not signed in'),
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
    createdAt: Instant,
    lastUsedAt: Instant.optional(),
    expiresAt: Instant.optional(),
  })
  .meta({ id: 'Token' })
export type Token = z.infer<typeof Token>

export const TokenInput = z
  .object({ name: z.string().trim().min(1).max(100), role: Role, expiresAt: Instant.optional() })
  .strict()
  .meta({ id: 'TokenInput' })

/** A signed-in browser. */
export const SessionInfo = z
  .object({ id: z.string(), createdAt: Instant, expiresAt: Instant, current: z.boolean() })
  .meta({ id: 'SessionInfo' })
export type SessionInfo = z.infer<typeof SessionInfo>

export const SessionList = z.object({ items: z.array(SessionInfo) }).meta({ id: 'SessionList' })
export type SessionList = z.infer<typeof SessionList>

export const UserList = z.object({ items: z.array(User) }).meta({ id: 'UserList' })
export type UserList = z.infer<typeof UserList>

export const UserPatch = z
  .object({
    role: Role.optional(),
    disabled: z.boolean().optional().describe('true: cannot sign in, sessions end at once'),
    password: Password.optional().describe('a new password; ends all sessions of the account'),
  })
  .strict()
  .meta({ id: 'UserPatch' })
export type UserPatch = z.infer<typeof UserPatch>

export const TokenList = z.object({ items: z.array(Token) }).meta({ id: 'TokenList' })
export type TokenList = z.infer<typeof TokenList>

export const TokenCreated = z
  .object({
    token: Token,
    secret: z.string().describe('goes behind `Authorization: Bearer`; shown this once'),
  })
  .meta({ id: 'TokenCreated' })
export type TokenCreated = z.infer<typeof TokenCreated>
