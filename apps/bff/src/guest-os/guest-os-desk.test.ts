import { GuestOsMatrixView, type Actor, type GuestOsEdit } from '@coreshift/shared/contract'
import { describe, expect, it, vi } from 'vitest'
import type { AuditDraft } from '../audit/audit-log.ts'
import { createGuestOsDesk, type GuestOsEditStore } from './guest-os-desk.ts'

const ann: Actor = { kind: 'user', name: 'ann' }
const NOW = '2026-11-22T12:00:00.000Z'
const edit = { row: 'debian-13-x86_64', plug: '+', unplug: '-', reason: 'kernel 6.12 hangs' } as const

async function desk(stored: { edits: GuestOsEdit[]; rev: number } = { edits: [], rev: 3 }) {
  const audit: AuditDraft[] = []
  let held = stored
  const store: GuestOsEditStore = {
    read: () => Promise.resolve(held),
    write: (edits, rev, drafts) => {
      held = { edits: [...edits], rev }
      audit.push(...drafts)
      return Promise.resolve()
    },
  }
  const guestOs = await createGuestOsDesk({ store, now: () => NOW })
  return { guestOs, audit, store, held: () => held }
}

describe('the view', () => {
  it('is what the contract says, with every row and its source', async () => {
    const view = (await desk()).guestOs.view()
    expect(GuestOsMatrixView.parse(view)).toEqual(view)
    expect(view.rows).toHaveLength(209)
    expect(view.rows.every((row) => row.source.length > 0)).toBe(true)
    expect(view.rows.filter((row) => row.seed)).toHaveLength(17)
    expect(view.rows.filter((row) => row.later)).toHaveLength(15)
  })

  it('shows what this fleet has seen next to the row', async () => {
    const experience = { plugs: 3, unplugs: 23, refusals: 1, medianMs: 410, worstMs: 2200 }
    const view = (await desk()).guestOs.view({
      seen: new Map([[edit.row, experience]]),
      vms: new Map([[edit.row, 4]]),
    })
    expect(view.rows.find((row) => row.id === edit.row)).toMatchObject({ seen: experience, vms: 4 })
    expect(view.rows.filter((row) => row.seen)).toHaveLength(1)
  })
})

describe('an edit', () => {
  it('holds at once, keeps what was shipped, and is stored with who, when and why', async () => {
    const { guestOs, audit, held } = await desk()
    const changed = vi.fn<() => void>()
    guestOs.onChange(changed)
    const view = await guestOs.replace({ edits: [edit] }, ann, 'request-1')
    expect(guestOs.matrix().row(edit.row)).toMatchObject({ plug: '+', unplug: '-' })
    expect(view.rows.find((row) => row.id === edit.row)).toMatchObject({
      unplug: '-',
      shipped: { plug: '+', unplug: '+' },
      edit: { reason: edit.reason, by: 'ann', at: NOW },
    })
    expect(view.rev).toBe(4)
    expect(held()).toEqual({ edits: [{ ...edit, by: 'ann', at: NOW }], rev: 4 })
    expect(audit).toMatchObject([
      { action: 'guest-os.edited', outcome: 'done', actor: ann, at: NOW, requestId: 'request-1' },
    ])
    expect(audit[0]?.message).toBe('Debian 13 (x86_64): plug +, unplug -. kernel 6.12 hangs')
    expect(changed).toHaveBeenCalledOnce()
  })

  it('that is left out next time is taken back, with an entry of its own', async () => {
    const { guestOs, audit } = await desk({ edits: [{ ...edit, by: 'bob', at: NOW }], rev: 9 })
    const view = await guestOs.replace({ edits: [] }, ann)
    expect(view.rows.find((row) => row.id === edit.row)).toMatchObject({ unplug: '+' })
    expect(view.rows.some((row) => row.edit)).toBe(false)
    expect(audit).toMatchObject([
      { action: 'guest-os.restored', message: 'Debian 13 (x86_64): as shipped again.' },
    ])
  })

  it('that says what already holds changes nothing and keeps its author', async () => {
    const { guestOs, audit, held } = await desk({ edits: [{ ...edit, by: 'bob', at: NOW }], rev: 9 })
    await guestOs.replace({ edits: [{ ...edit, by: 'somebody', at: NOW }] }, ann)
    expect(audit).toEqual([])
    expect(held()).toEqual({ edits: [{ ...edit, by: 'bob', at: NOW }], rev: 9 })
  })

  it('of a row that does not exist is refused', async () => {
    const { guestOs, audit } = await desk()
    await expect(guestOs.replace({ edits: [{ ...edit, row: 'gone' }] }, ann)).rejects.toMatchObject({
      code: 'invalid-request',
      message: 'The matrix has no row gone.',
    })
    expect(audit).toEqual([])
  })

  it('made on an older revision is refused', async () => {
    const { guestOs } = await desk()
    await expect(guestOs.replace({ edits: [edit], rev: 2 }, ann)).rejects.toMatchObject({
      code: 'stale-revision',
    })
  })

  it('made by another process holds after a reload', async () => {
    const { guestOs, store } = await desk()
    const changed = vi.fn<() => void>()
    const stop = guestOs.onChange(changed)
    await store.write([{ ...edit, by: 'bob', at: NOW }], 8, [])
    await guestOs.reload()
    expect(guestOs.matrix().row(edit.row)).toMatchObject({ unplug: '-' })
    await guestOs.reload()
    expect(changed).toHaveBeenCalledOnce()
    stop()
    await guestOs.replace({ edits: [] }, ann)
    expect(changed).toHaveBeenCalledOnce()
  })
})
