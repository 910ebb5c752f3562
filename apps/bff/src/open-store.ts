import { join } from 'node:path'
import { behindSeal, type ChainStart } from './audit/chain-start.ts'
import { readOrCreateCheckpointKey, type CheckpointKey } from './audit/checkpoint-key.ts'
import { createAuditLog, type DurableAuditLog } from './audit/durable-audit-log.ts'
import type { Config } from './config.ts'
import type { GuestOsEditStore } from './guest-os/guest-os-desk.ts'
import { accountAddress } from './identity/account-address.ts'
import type { HookLedger } from './hooks/resize-hooks.ts'
import type { KeptDefinitions } from './prepare/prepare-desk.ts'
import type { OperationStore } from './resize/operation-store.ts'
import { createAuditIndex, type AuditIndex } from './store/audit-index.ts'
import { createAuditRepository, type AuditRepository } from './store/audit-repository.ts'
import { createAuditSealStore, readSeal, type AuditSealStore } from './store/audit-seal.ts'
import { openPostgres, openSqlite, type Database } from './store/database.ts'
import { createGuestOsRepository } from './store/guest-os-repository.ts'
import { createHookLedger } from './store/hook-ledger.ts'
import { createHostRepository, type HostRepository } from './store/host-repository.ts'
import { createIdempotencyRepository, type IdempotencyRepository } from './store/idempotency-repository.ts'
import { createKeptDefinitionRepository } from './store/kept-definition-repository.ts'
import { createOperationRepository } from './store/operation-repository.ts'
import { openEncryptionKeys, type EncryptionKeys } from './secrets/encryption-keys.ts'
import { createSealedSecrets, type SealedSecrets } from './store/sealed-secrets.ts'
import { createSessionRepository, type SessionRepository } from './store/session-repository.ts'
import { createSettingsRepository, type SettingsRepository } from './store/settings-repository.ts'
import { createTokenRepository, type TokenRepository } from './store/token-repository.ts'
import { createTwoFactorRepository, type TwoFactorRepository } from './store/two-factor-repository.ts'
import { createUserRepository, type UserRepository } from './store/user-repository.ts'

/** Name of the database in the data folder. */
export const SQLITE_FILE = 'coreshift.db'

/** Everything durable, as server and command line use it side by side. */
export interface Store {
  readonly database: Database
  readonly audit: DurableAuditLog
  readonly auditEntries: AuditRepository
  readonly auditIndex: AuditIndex
  readonly auditSeals: AuditSealStore
  /** What the first entry of the audit that is kept follows. */
  readonly auditStart: ChainStart
  /** Signs checkpoints of the audit. */
  readonly checkpointKey: CheckpointKey
  readonly operations: OperationStore
  readonly hookLedger: HookLedger
  readonly hosts: HostRepository
  readonly idempotency: IdempotencyRepository
  readonly settings: SettingsRepository
  readonly guestOs: GuestOsEditStore
  readonly keptDefinitions: KeptDefinitions
  readonly tokens: TokenRepository
  readonly users: UserRepository
  readonly sessions: SessionRepository
  readonly twoFactors: TwoFactorRepository
  /** Seal what the database must not know. */
  readonly keys: EncryptionKeys
  readonly sealedSecrets: SealedSecrets
  close(): Promise<void>
}

/**
 * Opens the database that the configuration names and brings its schema up to date.
 * @throws NewerSchemaError when a later release wrote it
 */
export async function openStore(
  config: Pick<Config, 'databaseUrl' | 'dataDirectory' | 'hooksFolder'>,
  onProblem: (message: string, cause: unknown) => void,
): Promise<Store> {
  const database =
    config.databaseUrl === undefined
      ? await openSqlite(join(config.dataDirectory, SQLITE_FILE))
      : await openPostgres(config.databaseUrl, (error) =>
          onProblem('an idle database connection broke', error),
        )
  const entries = createAuditRepository(database)
  const checkpointKey = readOrCreateCheckpointKey(config.dataDirectory)
  const auditStart = behindSeal(() => readSeal(database.db), [checkpointKey.publicKey])
  const audit = await createAuditLog({ repository: entries, start: auditStart, onProblem })
  const now = (): string => new Date().toISOString()
  const keys = openEncryptionKeys(config.dataDirectory)
  const shared = { database, audit: entries, onAudit: audit.noteAppended, secrets: keys }
  return {
    database,
    audit,
    auditEntries: entries,
    auditIndex: createAuditIndex(database),
    auditSeals: createAuditSealStore(shared),
    auditStart,
    checkpointKey,
    operations: createOperationRepository({ ...shared, noteEnds: config.hooksFolder !== undefined }),
    hookLedger: createHookLedger(shared),
    hosts: createHostRepository(shared),
    idempotency: createIdempotencyRepository(database),
    settings: createSettingsRepository(shared),
    guestOs: createGuestOsRepository({ ...shared, now }),
    keptDefinitions: createKeptDefinitionRepository({ database, now }),
    tokens: createTokenRepository(shared),
    users: createUserRepository({ ...shared, emailOf: accountAddress }),
    sessions: createSessionRepository(shared),
    twoFactors: createTwoFactorRepository(shared),
    keys,
    sealedSecrets: createSealedSecrets(shared),
    close: () => database.close(),
  }
}
