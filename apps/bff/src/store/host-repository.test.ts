import { describe, expect, it } from 'vitest'
import type { AuditEntry } from '@coreshift/shared/contract'
import { DATABASE_KINDS, testDatabase } from '../../test/databases.ts'
import { AT, auditDraft } from '../../test/examples.ts'
import { createAuditRepository } from './audit-repository.ts'
import type { Database } from './database.ts'
import { createHostRepository } from './host-repository.ts'

function hostsOver(database: Database) {
  const told: AuditEntry[] = []
  const audit = createAuditRepository(database)
  const hosts = createHostRepository({ database, audit, onAudit: (entries) => told.push(...entries) })
  return { hosts, audit, told }
}

const host = (name: string, uri = `qemu+ssh://${name}/system`) => ({
  id: `id-${name}`,
  name,
  uri,
  createdAt: AT,
})
const added = auditDraft({ action: 'host.added', outcome: 'done' })
const removed = auditDraft({ action: 'host.removed', outcome: 'done' })

describe.each(DATABASE_KINDS)('hosts on %s', (kind) => {
  it('are kept by name, with their audit entries', async () => {
    await using test = await testDatabase(kind)
    const { hosts, told } = hostsOver(test.database)
    await hosts.add(host('rack2'), added)
    await hosts.add(host('rack1'), added)
    expect(await hostsOver(await test.reopen()).hosts.list()).toEqual([host('rack1'), host('rack2')])
    expect(told.map(({ action }) => action)).toEqual(['host.added', 'host.added'])
  })

  it.each([
    ['name', host('rack1', 'qemu:///other'), /named "rack1" exists/],
    ['URI', host('rack9', 'qemu+ssh://rack1/system'), /managed already, as host "rack1"/],
  ])('are refused when the %s is taken, and nothing is audited', async (_what, second, reason) => {
    await using test = await testDatabase(kind)
    const { hosts, audit } = hostsOver(test.database)
    await hosts.add(host('rack1'), added)
    await expect(hosts.add({ ...second, id: 'other' }, added)).rejects.toThrow(reason)
    expect((await audit.head()).id).toBe(1)
  })

  it('are removed once', async () => {
    await using test = await testDatabase(kind)
    const { hosts, audit } = hostsOver(test.database)
    await hosts.add(host('rack1'), added)
    expect(await hosts.remove('id-rack1', removed)).toBe(true)
    expect(await hosts.remove('id-rack1', removed)).toBe(false)
    expect(await hosts.list()).toEqual([])
    expect((await audit.head()).id).toBe(2)
  })
})
