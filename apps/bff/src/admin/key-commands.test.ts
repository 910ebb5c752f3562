import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { ALICE, AT, auditDraft } from '../../test/examples.ts'
import { openStore, type Store } from '../open-store.ts'
import { twoFactorPurpose } from '../secrets/secret-purpose.ts'
import { rotateEncryptionKey } from './key-commands.ts'

const CREDENTIALS = { username: 'coreshift', password: 'swordfish of the daemon' }

async function withStore(work: (store: Store, folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'coreshift-rotate-'))
  const said = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  const store = await openStore({ dataDirectory: folder }, (message, cause) => {
    throw new Error(message, { cause })
  })
  try {
    await work(store, folder)
  } finally {
    said.mockRestore()
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

describe('rotating the encryption key', () => {
  it('seals every secret again with a new key and lets go of the one before the last', async () => {
    await withStore(async (store, folder) => {
      const host = { id: 'h1', name: 'rack1', uri: 'qemu+tls://rack1/system', createdAt: AT }
      await store.hosts.add(host, CREDENTIALS, auditDraft())
      await store.users.add(
        {
          id: 'u1',
          name: 'ann',
          role: 'admin',
          createdAt: AT,
          disabled: false,
          source: 'password',
          email: 'ann@account.invalid',
          proof: { passwordHash: 'x' },
        },
        auditDraft(),
      )
      await store.twoFactors.prepare('u1', store.keys.seal('authenticator', twoFactorPurpose('u1')), AT)
      const lines = (): string[] => readFileSync(join(folder, 'encryption.keys'), 'utf8').trim().split('\n')
      const rows = async (): Promise<string> =>
        JSON.stringify([
          await store.database.db.selectFrom('managed_host').selectAll().execute(),
          await store.database.db.selectFrom('two_factor').selectAll().execute(),
        ])

      const first = lines()
      const firstId = store.keys.newestId()
      expect(await rows()).toContain(firstId)
      for (let round = 0; round < 3; round += 1) expect(await rotateEncryptionKey(store, ALICE)).toBe(0)
      expect(lines()).toHaveLength(2)
      expect(lines()).not.toContain(first[0])
      expect(await rows()).not.toContain(firstId)
      expect(await store.hosts.credentialsOf('h1')).toEqual(CREDENTIALS)
      const sealed = (await store.twoFactors.find('u1'))?.secret ?? ''
      expect(store.keys.open(sealed, twoFactorPurpose('u1'))).toBe('authenticator')
      const [entry] = (await store.audit.list({}, { limit: 1 })).items
      expect(entry).toMatchObject({ action: 'encryption-key.rotated', detail: { secrets: 2 } })
    })
  })

  it('changes nothing when a secret cannot be opened', async () => {
    await withStore(async (store) => {
      const host = { id: 'h1', name: 'rack1', uri: 'qemu+tls://rack1/system', createdAt: AT }
      await store.hosts.add(host, CREDENTIALS, auditDraft())
      await store.hosts.add({ ...host, id: 'h2', name: 'rack2', uri: 'qemu:///x' }, CREDENTIALS, auditDraft())
      const broken = JSON.stringify({ username: 'x', password: `${store.keys.newestId()}.AAAA` })
      await store.database.db
        .updateTable('managed_host')
        .set({ credentials: broken })
        .where('id', '=', 'h2')
        .execute()
      await expect(rotateEncryptionKey(store, ALICE)).rejects.toThrow(/cannot be opened/)
      expect(await store.hosts.credentialsOf('h1')).toEqual(CREDENTIALS)
    })
  })
})
