import { NextBootForecast, PreparePlan } from '@coreshift/shared/contract'
import { describe, expect, it } from 'vitest'
import { wiredServer, type WiredServer } from '../../test/wired-server.ts'

const lab = (): Promise<WiredServer> =>
  wiredServer([
    {
      name: 'lab',
      version: '12.8.0',
      vms: [
        { name: 'down', os: 'rhel-9', sockets: 3, maxSockets: 3, boot: 'fixed', state: 'off' },
        { name: 'passing', os: 'rhel-9', sockets: 2, maxSockets: 2, transient: true },
      ],
    },
  ])

describe('preparing a VM for live resize over REST', () => {
  it('previews, changes the stored definition, lets the started VM shrink to one socket, and can be undone', async () => {
    await using server = await lab()
    const token = await server.tokenFor('operator')
    const { uuid } = server.vm('down')
    const path = `/api/v1/vms/${uuid}/prepare`
    const wish = { socketsMax: 8 }
    const plan = PreparePlan.parse(
      await (await server.call('POST', `${path}?dryRun=1`, { token, body: wish })).json(),
    )
    expect(plan).toMatchObject({
      allowed: true,
      undo: false,
      takesEffect: 'at-start',
      to: { maximum: 8, fixed: '0' },
    })
    expect(plan.xml.some(({ kind }) => kind === 'added')).toBe(true)
    expect(server.vm('down').socketsMax).toBe(3)

    const done = PreparePlan.parse(await (await server.call('POST', path, { token, body: wish })).json())
    expect(done).toMatchObject({ xml: plan.xml, undo: true })
    await server.vmWhen('down', (vm) => vm.socketsMax === 8)

    await server.call('POST', `/api/v1/vms/${uuid}/power`, { token, body: { action: 'start' } })
    await server.vmWhen('down', (vm) => vm.status === 'up')
    const forecast = NextBootForecast.parse(
      await (await server.call('GET', `/api/v1/vms/${uuid}/forecast`, { token })).json(),
    )
    expect(forecast.vcpus).toHaveLength(8)
    const answer = await server.call('POST', `/api/v1/vms/${uuid}/resizes`, { token, body: { sockets: 1 } })
    const { id } = (await answer.json()) as { id: string }
    expect(await server.ended(id)).toMatchObject({ state: 'converged' })

    const preview = (await (await server.call('DELETE', `${path}?dryRun=1`, { token })).json()) as object
    expect(await (await server.call('DELETE', path, { token })).json()).toEqual(preview)
    expect((await server.call('DELETE', path, { token })).status).toBe(409)
    const { items } = await server.audit.list({ vm: uuid }, { limit: 100 })
    expect(items.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['vm.prepared', 'vm.preparation-undone']),
    )
  })

  it.each([
    ['POST', 'prepare'],
    ['DELETE', 'prepare'],
    ['DELETE', 'next-boot'],
  ] as const)('refuses %s %s that was decided on an older state of the VM', async (method, what) => {
    await using server = await lab()
    const token = await server.tokenFor('operator')
    const { uuid, rev } = server.vm('down')
    const path = `/api/v1/vms/${uuid}/${what}`
    const stale = await server.call(method, path, { token, headers: { 'If-Match': `"${rev + 1}"` } })
    expect(stale.status).toBe(412)
    expect(await stale.json()).toMatchObject({ code: 'stale-revision' })
    const fresh = await server.call(method, path, { token, headers: { 'If-Match': `"${rev}"` } })
    expect(fresh.status).not.toBe(412)
  })

  it('says all reasons why not, and stores nothing', async () => {
    await using server = await lab()
    const token = await server.tokenFor('operator')
    const path = `/api/v1/vms/${server.vm('passing').uuid}/prepare`
    const plan = PreparePlan.parse(await (await server.call('POST', `${path}?dryRun=1`, { token })).json())
    expect(plan).toMatchObject({ allowed: false, reasons: [{ code: 'not-persistent' }] })
    const refused = await server.call('POST', path, { token })
    expect(refused.status).toBe(409)
    expect(await refused.json()).toMatchObject({ code: 'refused', reasons: [{ code: 'not-persistent' }] })
  })
})

describe('an edit of the guest OS matrix', () => {
  it('holds for the next resize of every VM, and so does taking it back', async () => {
    await using server = await lab()
    const token = await server.tokenFor('admin')
    const { guestOs } = server.vm('passing')
    const put = (edits: unknown[]) =>
      server.call('PUT', '/api/v1/guest-os-matrix', { token, body: { edits } })
    expect(guestOs).toMatchObject({ plug: '+', unplug: '+' })
    await put([{ row: guestOs.row, plug: '+', unplug: '-', reason: 'it hangs here' }])
    expect(server.vm('passing').guestOs.unplug).toBe('-')
    const refused = await server.call('POST', `/api/v1/vms/${server.vm('passing').uuid}/resizes`, {
      token,
      body: { sockets: 1 },
    })
    expect(await refused.json()).toMatchObject({ reasons: [{ code: 'guest-os-no-unplug' }] })
    await put([])
    expect(server.vm('passing').guestOs.unplug).toBe('+')
  })
})
