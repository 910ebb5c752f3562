import type { Generated } from 'kysely'

/** Row of `audit_entry`: one link of the chain. Instants are ISO text in both databases, so that they sort. */
export interface AuditEntryRow {
  id: number
  at: string
  actor_kind: string
  actor_name: string
  actor_address: string | null
  action: string
  outcome: string
  vm: string | null
  vm_name: string | null
  host: string | null
  operation: string | null
  message: string
  duration_ms: number | null
  /** Canonical JSON. */
  detail: string | null
  request_id: string | null
  hash: string
}

/** A whole block of entries that can be searched through its terms. */
export interface AuditBlockRow {
  block: number
  /** Earliest and latest instant in it: clocks of several processes need not agree. */
  at_min: string
  at_max: string
}

/** Which entries of a block have a term. */
export interface AuditTermRow {
  block: number
  term: string
  /** An encoded `EntrySet`. */
  members: Uint8Array
}

export interface OperationRow {
  id: string
  vm: string
  host: string
  state: string
  /** 1 while the operation holds the VM. */
  is_open: number
  created_at: string
  finished_at: string | null
  seq: number
  /** The whole record as JSON. */
  body: string
}

/** A request that was sent with an `Idempotency-Key`. Key and request are kept as SHA-256. */
interface IdempotencyKeyRow {
  key_hash: string
  request_hash: string
  operation_id: string
  created_at: string
}

interface HostRow {
  id: string
  name: string
  uri: string
  created_at: string
  /** Name and password for the daemon as JSON, sealed with a key outside the database. */
  credentials: string | null
}

interface SettingRow {
  name: string
  value: string
  updated_at: string
}

export interface ApiTokenRow {
  id: string
  name: string
  role: string
  /** SHA-256 of the token, hex. The token itself is never stored. */
  token_hash: string
  created_at: string
  expires_at: string | null
  last_used_at: string | null
  /** AccessLimit as JSON. */
  limited_to: string | null
}

/** One row at most: the link with which the first administrator is created. */
interface FirstRunRow {
  id: number
  token_hash: string
  created_at: string
}

/** better-auth's tables; its library names the columns. Dates are ISO text in SQLite, timestamps in PostgreSQL. */
export interface AuthUserRow {
  id: string
  name: string
  email: string
  emailVerified: number | boolean
  image: string | null
  createdAt: string | Date
  updatedAt: string | Date
  role: string
  disabled: number | boolean
  /** AccessLimit as JSON. */
  limitedTo: string | null
  source: string
  /** True once a code of the authenticator was sent back. */
  twoFactor: number | boolean
}

interface AuthSessionRow {
  id: string
  expiresAt: string | Date
  token: string
  createdAt: string | Date
  updatedAt: string | Date
  ipAddress: string | null
  userAgent: string | null
  userId: string
}

interface AuthAccountRow {
  id: string
  accountId: string
  providerId: string
  userId: string
  password: string | null
  createdAt: string | Date
  updatedAt: string | Date
}

/** The authenticator of an account; asked for once `auth_user.twoFactor` says so. */
interface TwoFactorRow {
  user_id: string
  /** Shared key of the authenticator, sealed with a key outside the database. */
  secret: string
  /** Time step of the newest code that was taken: it and earlier ones are never taken again. */
  last_step: number
  created_at: string
}

/** A recovery code that was not used yet. */
interface RecoveryCodeRow {
  user_id: string
  code_hash: string
}

/** An ended operation whose `after-resize` hooks are still to run. */
interface HookDueRow {
  operation: string
  since: string
}

interface SchemaMigrationRow {
  id: number
  name: string
  applied_at: Generated<string>
}

export interface Schema {
  audit_entry: AuditEntryRow
  audit_block: AuditBlockRow
  audit_term: AuditTermRow
  operation: OperationRow
  idempotency_key: IdempotencyKeyRow
  hook_due: HookDueRow
  managed_host: HostRow
  setting: SettingRow
  api_token: ApiTokenRow
  first_run: FirstRunRow
  auth_user: AuthUserRow
  auth_session: AuthSessionRow
  auth_account: AuthAccountRow
  two_factor: TwoFactorRow
  recovery_code: RecoveryCodeRow
  schema_migration: SchemaMigrationRow
}
