import type { VmSpec } from '@coreshift/demo-host'
import { AuditList, Problem, SocketsOptions, VmChange } from '@coreshift/shared/contract'
import { describe, expect, it } from 'vitest'
import { codesOf } from '../../test/operator.ts'
import { wiredServer, type WiredServer } from '../../test/wired-server.ts'

const lab = (): Promise<WiredServer> =>
  wiredServer([
    {
      name: 'lab',
      version: '12.8.0',
      hardware: { nodes: 1, socketsPerNode: 1, coresPerSocket: 4, threadsPerCore: 1 },
      vms: [
        { name: 'web', os: 'rhel-9', sockets: 4, maxSockets: 8 },
        { name: 'pinned', os: 'rhel-9', sockets: 4, maxSockets: 8, pins: { 3: '0' } },
        { name: 'down', os: 'rhel-9', sockets: 2, maxSockets: 4, cores: 2, state: 'off' },
        { name: 'paused', os: 'rhel-9', sockets: 2, maxSockets: 4, state: 'paused' },
      ],
    },
  ])

async function ask(server: WiredServer, name: string, body: object): Promise<Response> {
  const token = await server.tokenFor('operator')
  return server.call('POST', `/api/v1/vms/${server.vm(name).uuid}/resizes`, { token, body })
}

async function codes(server: WiredServer, name: string, body: object): Promise<string[]> {
  const response = await ask(server, name, body)
  expect(response.status).toBe(409)
  return codesOf(Problem.parse(await response.json()))
}

async function options(server: WiredServer, name: string): Promise<SocketsOptions['options']> {
  const token = await server.tokenFor('viewer')
  const path = `/api/v1/vms/${server.vm(name).uuid}/sockets-options`
  return SocketsOptions.parse(await (await server.call('GET', path, { token })).json()).options
}

async function setting(server: WiredServer, change: object): Promise<void> {
  const token = await server.tokenFor('admin')
  const body = { ...server.services.settings.current(), ...change }
  expect((await server.call('PUT', '/api/v1/settings', { token, body })).status).toBe(200)
}

async function audited(server: WiredServer, action: string): Promise<AuditList['items']> {
  const token = await server.tokenFor('viewer')
  const response = await server.call('GET', `/api/v1/audit?action=${action}`, { token })
  return AuditList.parse(await response.json()).items
}

describe('live removal that an administrator switched off', () => {
  it.each([
    { where: 'for all VMs', change: () => ({ unplugEnabled: false }) },
    {
      where: 'on host lab',
      change: (server: WiredServer) => ({ unplugDisabledHosts: [server.vm('web').host] }),
    },
    {
      where: 'for this VM',
      change: (server: WiredServer) => ({ unplugDisabledVms: [server.vm('web').uuid] }),
    },
  ])(
    '$where: fewer is refused and greyed out, more and the next boot are not, the audit has all',
    async ({ where, change }) => {
      await using server = await lab()
      await setting(server, change(server))
      expect(await codes(server, 'web', { sockets: 2 })).toEqual(['unplug-disabled'])
      expect(server.vm('web').unplugAllowed).toBe(false)
      const shown = await options(server, 'web')
      expect(shown[1]?.live.reasons).toMatchObject([
        { code: 'unplug-disabled', message: `An administrator switched live removal off ${where}.` },
      ])
      expect(shown.map(({ live, nextBoot }) => [live.allowed, nextBoot.allowed])).toEqual([
        ...Array.from({ length: 3 }, () => [false, true]),
        ...Array.from({ length: 5 }, () => [true, true]),
      ])
      const [changed] = await audited(server, 'settings.changed')
      expect(changed?.message).toContain(Object.keys(change(server))[0])
      expect(changed?.vm).toBe(where === 'for this VM' ? server.vm('web').uuid : undefined)
      expect(await audited(server, 'resize.refused')).toMatchObject([
        { outcome: 'refused', vmName: 'web', detail: { codes: ['unplug-disabled'] } },
      ])
      await setting(server, { unplugEnabled: true, unplugDisabledHosts: [], unplugDisabledVms: [] })
      expect((await ask(server, 'web', { sockets: 2 })).status).toBe(202)
    },
  )
})

describe('more vCPUs than the host has CPUs', () => {
  it('come with a warning, or are refused where the setting says so', async () => {
    await using server = await lab()
    const warned = (await options(server, 'web'))
      .filter(({ warnings }) => warnings)
      .map(({ sockets }) => sockets)
    expect(warned).toEqual([5, 6, 7, 8])
    await setting(server, { hostCpuLimit: 'enforce' })
    expect(await codes(server, 'web', { sockets: 5 })).toEqual(['host-maximum'])
    expect((await options(server, 'web')).some(({ warnings }) => warnings)).toBe(false)
  })
})

describe('an edition of Windows that counts sockets', () => {
  const windows = (spec: Pick<VmSpec, 'os' | 'agent'>): Promise<WiredServer> =>
    wiredServer([
      { name: 'lab', version: '12.8.0', vms: [{ name: 'win', sockets: 2, maxSockets: 4, ...spec }] },
    ])

  it.each([
    { os: 'windows-7-pro', name: 'Windows 7 Professional', code: 'reboot-required' },
    { os: 'windows-11-pro', name: 'Windows 11 Pro', code: 'unverified-guest-os' },
  ] as const)('$os: a third socket is refused, live and for the next boot', async ({ os, name, code }) => {
    await using server = await windows({ os })
    const { guestOs } = await server.vmWhen('win', (vm) => vm.guestOs.source === 'agent')
    expect(guestOs).toMatchObject({ name, socketsMax: 2 })
    const limit = { code: 'above-maximum', message: `${name} uses at most 2 sockets.` }
    const third = (await options(server, 'win'))[2]
    expect(third?.nextBoot).toMatchObject({ allowed: false, reasons: [limit] })
    for (const mode of ['live', 'both']) {
      const response = await ask(server, 'win', { sockets: 3, mode, acknowledge: ['unverified-guest-os'] })
      expect(response.status).toBe(409)
      expect(Problem.parse(await response.json()).reasons).toEqual(
        expect.arrayContaining([expect.objectContaining(limit), expect.objectContaining({ code })]),
      )
    }
  })

  it('does not hold for a server', async () => {
    await using server = await windows({ os: 'windows-2022' })
    await server.vmWhen('win', (vm) => vm.guestOs.source === 'agent')
    const third = (await options(server, 'win'))[2]
    expect([third?.live.allowed, third?.nextBoot.allowed]).toEqual([true, true])
    expect((await ask(server, 'win', { sockets: 3 })).status).toBe(202)
  })

  it('is known from the metadata alone where every edition of the release has the limit', async () => {
    await using server = await windows({ os: 'windows-7-pro', agent: 'absent' })
    expect(server.vm('win').guestOs).toMatchObject({ source: 'metadata', socketsMax: 2 })
    expect(await codes(server, 'win', { sockets: 3 })).toContain('above-maximum')
  })
})

describe('a pinned vCPU', () => {
  it('stays, unless the setting says otherwise', async () => {
    await using server = await lab()
    expect(await codes(server, 'pinned', { sockets: 3 })).toEqual(['vcpu-pinned'])
    await setting(server, { pinnedRemovalAllowed: true })
    expect((await ask(server, 'pinned', { sockets: 3 })).status).toBe(202)
  })
})

describe('a VM that is neither up nor down', () => {
  it('takes no change of its sockets, live or stored, and says what would let it', async () => {
    await using server = await lab()
    for (const mode of ['live', 'nextBoot', 'both']) {
      const response = await ask(server, 'paused', { sockets: 3, mode })
      expect(Problem.parse(await response.json()).reasons).toMatchObject([
        { code: 'vm-status', unlock: ['resume-vm', 'shut-down-vm'] },
      ])
    }
  })
})

describe('a VM that is down', () => {
  it('gets the room with the sockets, in sockets of its own shape', async () => {
    await using server = await lab()
    await server.vmWhen('down', ({ machineVcpuMax }) => machineVcpuMax !== undefined)
    const token = await server.tokenFor('operator')
    const path = `/api/v1/vms/${server.vm('down').uuid}`
    const { sockets } = VmChange.parse(
      await (await server.call('PATCH', path, { token, body: { sockets: 6 } })).json(),
    )
    if (sockets?.ok !== true) throw new Error('the change was refused')
    expect(await server.ended(sockets.operation.id)).toMatchObject({ state: 'converged', to: { vcpus: 12 } })
    expect(server.vm('down')).toMatchObject({
      sockets: 6,
      socketsMax: 6,
      vcpuMax: 12,
      topology: { cores: 2 },
    })
    const beyond = Math.floor((server.vm('down').machineVcpuMax ?? 0) / 2) + 1
    expect(await codes(server, 'down', { sockets: beyond, mode: 'nextBoot' })).toEqual(['host-maximum'])
  })
})
