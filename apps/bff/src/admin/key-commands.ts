import type { Actor } from '@coreshift/shared/contract'
import type { Store } from '../open-store.ts'

/** `key rotate`: a new encryption key, and everything sealed with it again. A server that runs takes it up by itself. */
export async function rotateEncryptionKey(store: Store, actor: Actor): Promise<number> {
  store.keys.addKey()
  const id = store.keys.newestId()
  const count = await store.sealedSecrets.sealAgain((total) => ({
    at: new Date().toISOString(),
    actor,
    action: 'encryption-key.rotated',
    outcome: 'done',
    message: `The encryption key was rotated; ${total} secrets are sealed with the new one.`,
    detail: { key: id, secrets: total },
  }))
  store.keys.dropOldKeys()
  process.stdout.write(
    `The encryption key is ${id} now; ${count} secrets were sealed with it. Back up encryption.keys again.\n`,
  )
  return 0
}
