import { describe, expect, it } from 'vitest'
import type { AuditEntry } from '@coreshift/shared/contract'
import { DATABASE_KINDS, testDatabase } from '../../test/databases.ts'
import { AT, auditDraft } from '../../test/examples.ts'
import { derivedSecretBox } from '../secrets/secret-box.ts'
import { createAuditRepository } from './audit-repository.ts'
import type { Database } from './database.ts'
import { createHostRepository } from './host-repository.ts'

function hostsOver(database: Database) {
  const told: AuditEntry[] = []
  const audit = createAuditRepository(database)
  const hosts = createHostRepository({
    database,
    audit,
    secrets: SECRETS,
    onAudit: (entries) => told.push(...entries),
  })
  return { hosts, audit, told }
}

const host = (name: string, uri = `qemu+ssh://${name}/system`) => ({
  id: `id-${name}`,
  name,
  uri,
  createdAt: AT,
})
const SECRETS = derivedSecretBox('a key of the tests', 'test')
const CREDENTIALS = { username: 'coreshift', password: 'swordfish of the daemon' }
const added = auditDraft({ action: 'host.added', outcome: 'done' })
const changed = auditDraft({ action: 'host.credentials-changed', outcome: 'done' })
const removed = auditDraft({ action: 'host.removed', outcome: 'done' })

describe.each(DATABASE_KINDS)('hosts on %s', (kind) => {
  it('are kept by name, with their audit entries', async () => {
    await using test = await testDatabase(kind)
    const { hosts, told } = hostsOver(test.database)
    await hosts.add(host('rack2'), undefined, added)
    await hosts.add(host('rack1'), undefined, added)
    expect(await hostsOver(await test.reopen()).hosts.list()).toEqual([host('rack1'), host('rack2')])
    expect(told.map(({ action }) => action)).toEqual(['host.added', 'host.added'])
  })

  it.each([
    ['name', host('rack1', 'qemu:///other'), /named "rack1" exists/],
    ['URI', host('rack9', 'qemu+ssh://rack1/system'), /managed already, as host "rack1"/],
  ])('are refused when the %s is taken, and nothing is audited', async (_what, second, reason) => {
    await using test = await testDatabase(kind)
    const { hosts, audit } = hostsOver(test.database)
    await hosts.add(host('rack1'), undefined, added)
    await expect(hosts.add({ ...second, id: 'other' }, undefined, added)).rejects.toThrow(reason)
    expect((await audit.head()).id).toBe(1)
  })

  it('keep a name and a password for the daemon that nobody reads in the database', async () => {
    await using test = await testDatabase(kind)
    const { hosts } = hostsOver(test.database)
    await hosts.add(host('rack1'), CREDENTIALS, added)
    await hosts.add(host('rack2'), undefined, added)
    expect(await hosts.list()).toEqual([{ ...host('rack1'), username: 'coreshift' }, host('rack2')])
    expect(await hosts.credentialsOf('id-rack1')).toEqual(CREDENTIALS)
    expect(await hosts.credentialsOf('id-rack2')).toBeUndefined()
    const rows = await test.database.db.selectFrom('managed_host').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain('swordfish')
  })

  it('do not open a password that was moved to another host', async () => {
    await using test = await testDatabase(kind)
    const { hosts } = hostsOver(test.database)
    await hosts.add(host('rack1'), CREDENTIALS, added)
    await hosts.add(host('rack2'), CREDENTIALS, added)
    const { db } = test.database
    const { credentials } = await db
      .selectFrom('managed_host')
      .select('credentials')
      .where('id', '=', 'id-rack1')
      .executeTakeFirstOrThrow()
    await db.updateTable('managed_host').set({ credentials }).where('id', '=', 'id-rack2').execute()
    await expect(hosts.credentialsOf('id-rack2')).rejects.toThrow(/changed, or belongs elsewhere/)
  })

  it('get another name and password, or none, with an audit entry, and are otherwise as they were', async () => {
    await using test = await testDatabase(kind)
    const { hosts, told } = hostsOver(test.database)
    await hosts.add(host('rack1'), CREDENTIALS, added)
    const other = { username: 'other', password: 'halibut of the daemon' }
    expect(await hosts.changeCredentials('id-rack1', other, changed)).toBe(true)
    expect(await hosts.credentialsOf('id-rack1')).toEqual(other)
    expect(await hosts.list()).toEqual([{ ...host('rack1'), username: 'other' }])
    const rows = await test.database.db.selectFrom('managed_host').selectAll().execute()
    expect(JSON.stringify(rows)).not.toMatch(/halibut|swordfish/)
    expect(await hosts.changeCredentials('id-rack1', undefined, changed)).toBe(true)
    expect(await hosts.credentialsOf('id-rack1')).toBeUndefined()
    expect(await hosts.changeCredentials('id-rack9', other, changed)).toBe(false)
    expect(told.map(({ action }) => action)).toEqual([
      'host.added',
      'host.credentials-changed',
      'host.credentials-changed',
    ])
  })

  it('are removed once', async () => {
    await using test = await testDatabase(kind)
    const { hosts, audit } = hostsOver(test.database)
    await hosts.add(host('rack1'), undefined, added)
    expect(await hosts.remove('id-rack1', removed)).toBe(true)
    expect(await hosts.remove('id-rack1', removed)).toBe(false)
    expect(await hosts.list()).toEqual([])
    expect((await audit.head()).id).toBe(2)
  })
})
