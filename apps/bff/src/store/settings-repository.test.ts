import { describe, expect, it } from 'vitest'
import { Settings, type AuditEntry } from '@coreshift/shared/contract'
import { DATABASE_KINDS, testDatabase } from '../../test/databases.ts'
import { ALICE, AT, auditDraft } from '../../test/examples.ts'
import { createSettingsDesk } from '../settings/settings-desk.ts'
import { createAuditRepository } from './audit-repository.ts'
import type { Database } from './database.ts'
import { DEFAULT_SETTINGS, createSettingsRepository } from './settings-repository.ts'

function settingsOver(database: Database) {
  const told: AuditEntry[] = []
  const repository = createSettingsRepository({
    database,
    audit: createAuditRepository(database),
    onAudit: (entries) => told.push(...entries),
  })
  return { repository, told }
}

const CHANGED: Settings = { ...DEFAULT_SETTINGS, unplugEnabled: false, unplugDisabledVms: ['a'] }

describe('the default settings', () => {
  it('fit the contract', () => {
    expect(Settings.parse(DEFAULT_SETTINGS)).toEqual(DEFAULT_SETTINGS)
  })
})

describe.each(DATABASE_KINDS)('settings on %s', (kind) => {
  it('are the defaults until somebody changes them', async () => {
    await using test = await testDatabase(kind)
    const { repository } = settingsOver(test.database)
    expect(await repository.read()).toEqual(DEFAULT_SETTINGS)
    await repository.write(CHANGED, AT, auditDraft())
    await repository.write({ ...CHANGED, hostCpuLimit: 'enforce' }, AT, auditDraft())
    expect(await settingsOver(await test.reopen()).repository.read()).toEqual({
      ...CHANGED,
      hostCpuLimit: 'enforce',
    })
  })

  it('have the default for what a later release added, and are refused where they no longer fit', async () => {
    await using test = await testDatabase(kind)
    const { db } = test.database
    const { repository } = settingsOver(test.database)
    await db
      .insertInto('setting')
      .values({ name: 'settings', value: '{"unplugEnabled":false}', updated_at: AT })
      .execute()
    expect(await repository.read()).toEqual({ ...DEFAULT_SETTINGS, unplugEnabled: false })
    await db.updateTable('setting').set({ value: '{"unplugEnabled":"maybe"}' }).execute()
    await expect(repository.read()).rejects.toThrow(/unplugEnabled/)
  })

  it('are at hand in the desk, audited with before and after, and told to listeners when they changed', async () => {
    await using test = await testDatabase(kind)
    const { repository, told } = settingsOver(test.database)
    const desk = await createSettingsDesk({ repository, now: () => AT })
    const heard: Settings[] = []
    desk.onChange((settings) => heard.push(settings))
    await desk.replace(DEFAULT_SETTINGS, ALICE)
    expect(told).toEqual([])
    await desk.replace(CHANGED, ALICE, 'r-1')
    expect(desk.current()).toEqual(CHANGED)
    expect(heard).toEqual([CHANGED])
    expect(told[0]).toMatchObject({
      action: 'settings.changed',
      actor: ALICE,
      requestId: 'r-1',
      message: 'Settings changed: unplugEnabled, unplugDisabledVms.',
      detail: { before: { unplugEnabled: true }, after: { unplugEnabled: false } },
    })
  })

  it('are read again after another process changed them', async () => {
    await using test = await testDatabase(kind)
    const desk = await createSettingsDesk({ ...settingsOver(test.database), now: () => AT })
    await settingsOver(await test.reopen()).repository.write(CHANGED, AT, auditDraft())
    await desk.reload()
    expect(desk.current()).toEqual(CHANGED)
  })
})
