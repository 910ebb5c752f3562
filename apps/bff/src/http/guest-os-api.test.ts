import { GuestOsMatrixView } from '@coreshift/shared/contract'
import { describe, expect, it } from 'vitest'
import { operationRecord } from '../../test/examples.ts'
import { fakeDoors, vmExample } from '../../test/fake-doors.ts'
import { testServer } from '../../test/test-server.ts'

const ROW = 'debian-13-x86_64'
const EDIT = { row: ROW, plug: '+', unplug: '-', reason: 'kernel 6.12 hangs' }

describe('the guest OS matrix over REST', () => {
  it('is edited with a reason, exported, sent back as it was exported, and restored', async () => {
    await using server = await testServer()
    const token = await server.tokenFor('admin')
    const put = async (body: unknown) => server.call('PUT', '/api/v1/guest-os-matrix', { token, body })
    const rowOf = async (response: Response) =>
      GuestOsMatrixView.parse(await response.json()).rows.find(({ id }) => id === ROW)

    const edited = await put({ edits: [EDIT] })
    expect(edited.status).toBe(200)
    expect(await rowOf(edited)).toMatchObject({
      unplug: '-',
      edit: { reason: EDIT.reason, by: 'test-admin' },
      shipped: { unplug: '+' },
    })

    const file = await server.call('GET', '/api/v1/guest-os-matrix/export.json', { token })
    expect(file.headers.get('content-disposition')).toContain('guest-os-edits.json')
    const exported: unknown = await file.json()
    expect(exported).toMatchObject({ edits: [EDIT] })

    expect(await rowOf(await put({ edits: [] }))).not.toHaveProperty('edit')
    expect(await rowOf(await put(exported))).toMatchObject({ unplug: '-' })

    const { items } = await server.audit.list({ actor: 'test-admin' }, { limit: 10 })
    expect(items.map(({ action }) => action)).toEqual([
      'guest-os.edited',
      'guest-os.restored',
      'guest-os.edited',
    ])
  })

  it('shows next to a row the VMs it answers for and what they did', async () => {
    const guestOs = { name: 'Debian 13', source: 'agent', row: ROW, plug: '+', unplug: '+' } as const
    await using server = await testServer({ doors: fakeDoors([vmExample({ guestOs })]) })
    const at = '2026-03-01T10:00:01.000Z'
    await server.operations.commit(
      operationRecord({
        state: 'converged',
        timeline: [{ at, what: 'vcpu-removed', text: 'vCPU 3 removed.', vcpus: [3] }],
      }),
      [],
    )
    const token = await server.tokenFor('viewer')
    const view = GuestOsMatrixView.parse(
      await (await server.call('GET', '/api/v1/guest-os-matrix', { token })).json(),
    )
    expect(view.rows.find(({ id }) => id === ROW)).toMatchObject({
      vms: 1,
      seen: { plugs: 0, unplugs: 1, refusals: 0, medianMs: 1000, worstMs: 1000 },
    })
    expect(view.rows.filter(({ seen }) => seen)).toHaveLength(1)
  })

  it('takes no edit without a reason, of an unknown row, or made on an older revision', async () => {
    await using server = await testServer()
    const token = await server.tokenFor('admin')
    const put = async (body: unknown) => {
      const response = await server.call('PUT', '/api/v1/guest-os-matrix', { token, body })
      return { status: response.status, problem: await response.json() }
    }
    expect(await put({ edits: [{ ...EDIT, reason: ' ' }] })).toMatchObject({
      status: 400,
      problem: { issues: [{ path: 'edits.0.reason' }] },
    })
    expect(await put({ edits: [{ ...EDIT, row: 'gone' }] })).toMatchObject({ status: 400 })
    expect(await put({ edits: [EDIT], rev: 7 })).toMatchObject({
      status: 412,
      problem: { code: 'stale-revision' },
    })
  })
})
