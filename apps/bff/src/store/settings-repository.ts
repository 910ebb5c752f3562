import { DEFAULT_POLICIES } from '@coreshift/shared'
import { Settings, type AuditEntry } from '@coreshift/shared/contract'
import type { AuditDraft } from '../audit/audit-log.ts'
import type { AuditRepository } from './audit-repository.ts'
import type { Database } from './database.ts'
import { readDocument, writeDocument } from './named-document.ts'

const SETTINGS_NAME = 'settings'

/** What holds until an administrator decides otherwise. */
export const DEFAULT_SETTINGS: Settings = Object.freeze({
  unplugEnabled: true,
  unplugDisabledHosts: [],
  unplugDisabledVms: [],
  pinnedRemovalAllowed: false,
  hostCpuLimit: 'warn',
  policies: { ...DEFAULT_POLICIES },
  defaultPolicy: 'interactive',
})

export interface SettingsRepository {
  /** What is stored over the defaults. @throws when the stored document no longer fits the contract */
  read(): Promise<Settings>
  /** Stores the document and its audit entry in one transaction. */
  write(settings: Settings, at: string, audit: AuditDraft): Promise<void>
}

interface SettingsRepositoryOptions {
  readonly database: Database
  readonly audit: AuditRepository
  /** Told after the transaction is durable. */
  readonly onAudit: (entries: readonly AuditEntry[]) => void
}

export function createSettingsRepository(options: SettingsRepositoryOptions): SettingsRepository {
  const { database, audit, onAudit } = options
  return {
    async read() {
      const stored = await readDocument(database.db, SETTINGS_NAME)
      if (stored === undefined) return DEFAULT_SETTINGS
      // A setting that a later release added has its default until somebody saves it.
      return Settings.parse({ ...DEFAULT_SETTINGS, ...(isObject(stored) ? stored : {}) })
    },
    async write(settings, at, draft) {
      const document = Settings.parse(settings)
      const entries = await database.write(async (transaction) => {
        await writeDocument(transaction, SETTINGS_NAME, document, at)
        return audit.appendWithin(transaction, [draft])
      })
      onAudit(entries)
    },
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
