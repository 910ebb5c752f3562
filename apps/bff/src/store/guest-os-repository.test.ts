import type { AuditEntry, GuestOsEdit } from '@coreshift/shared/contract'
import { describe, expect, it } from 'vitest'
import { DATABASE_KINDS, testDatabase } from '../../test/databases.ts'
import { ALICE, AT, auditDraft } from '../../test/examples.ts'
import { createGuestOsDesk } from '../guest-os/guest-os-desk.ts'
import { createAuditRepository } from './audit-repository.ts'
import type { Database } from './database.ts'
import { createGuestOsRepository } from './guest-os-repository.ts'

const EDIT: GuestOsEdit = {
  row: 'debian-13-x86_64',
  plug: '+',
  unplug: '-',
  reason: 'kernel 6.12 hangs',
  by: 'alice',
  at: AT,
}

function editsOver(database: Database) {
  const told: AuditEntry[] = []
  const repository = createGuestOsRepository({
    database,
    audit: createAuditRepository(database),
    onAudit: (entries) => told.push(...entries),
    now: () => AT,
  })
  return { repository, told }
}

describe.each(DATABASE_KINDS)('edits of the guest OS matrix on %s', (kind) => {
  it('are none until somebody makes one, and come back as they were written', async () => {
    await using test = await testDatabase(kind)
    const { repository, told } = editsOver(test.database)
    expect(await repository.read()).toEqual({ edits: [], rev: 0 })
    await repository.write([EDIT], 1, [auditDraft({ action: 'guest-os.edited' })])
    expect(told).toMatchObject([{ action: 'guest-os.edited', id: 1 }])
    expect(await editsOver(await test.reopen()).repository.read()).toEqual({ edits: [EDIT], rev: 1 })
  })

  it('of two processes: the second is refused, and neither edits nor audit hold anything of it', async () => {
    await using test = await testDatabase(kind)
    const { repository } = editsOver(test.database)
    const other = editsOver(await test.reopen())
    const first = await createGuestOsDesk({ store: repository, now: () => AT })
    const second = await createGuestOsDesk({ store: other.repository, now: () => AT })
    await first.replace({ edits: [EDIT] }, ALICE)
    await expect(second.replace({ edits: [{ ...EDIT, unplug: '+' }] }, ALICE)).rejects.toMatchObject({
      code: 'stale-revision',
    })
    expect(other.told).toEqual([])
    await second.reload()
    expect(second.matrix().row(EDIT.row)).toMatchObject({ unplug: '-' })
    expect((await repository.read()).rev).toBe(1)
  })
})
