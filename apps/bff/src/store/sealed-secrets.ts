import type { AuditEntry } from '@coreshift/shared/contract'
import type { AuditDraft } from '../audit/audit-log.ts'
import type { SecretBox } from '../secrets/secret-box.ts'
import { hostPurpose, twoFactorPurpose } from '../secrets/secret-purpose.ts'
import type { AuditRepository } from './audit-repository.ts'
import type { Database } from './database.ts'
import { StoredCredentials } from './host-repository.ts'

interface SealedSecretsOptions {
  readonly database: Database
  readonly audit: AuditRepository
  readonly secrets: SecretBox
  /** Told after the transaction is durable. */
  readonly onAudit: (entries: readonly AuditEntry[]) => void
}

/** Everything in the database that is sealed. */
export interface SealedSecrets {
  /**
   * Opens and seals each again, with the newest key, in one transaction.
   * @param draft of the audit entry, for their number
   * @throws UnreadableSecretError when one cannot be opened; then nothing is changed
   */
  sealAgain(draft: (count: number) => AuditDraft): Promise<number>
}

export function createSealedSecrets(options: SealedSecretsOptions): SealedSecrets {
  const { database, audit, secrets, onAudit } = options
  const again = (sealed: string, purpose: string): string =>
    secrets.seal(secrets.open(sealed, purpose), purpose)
  return {
    async sealAgain(draft) {
      const { count, entries } = await database.write(async (transaction) => {
        await database.lockAuditChain(transaction)
        const hosts = await transaction
          .selectFrom('managed_host')
          .select(['id', 'credentials'])
          .where('credentials', 'is not', null)
          .execute()
        for (const { id, credentials } of hosts) {
          const { username, password } = StoredCredentials.parse(JSON.parse(credentials ?? ''))
          await transaction
            .updateTable('managed_host')
            .set({ credentials: JSON.stringify({ username, password: again(password, hostPurpose(id)) }) })
            .where('id', '=', id)
            .execute()
        }
        const authenticators = await transaction
          .selectFrom('two_factor')
          .select(['user_id', 'secret'])
          .execute()
        for (const { user_id: userId, secret } of authenticators) {
          await transaction
            .updateTable('two_factor')
            .set({ secret: again(secret, twoFactorPurpose(userId)) })
            .where('user_id', '=', userId)
            .execute()
        }
        const total = hosts.length + authenticators.length
        return { count: total, entries: await audit.appendWithin(transaction, [draft(total)]) }
      })
      onAudit(entries)
      return count
    },
  }
}
