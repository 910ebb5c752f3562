import { DefineFlags, domainDefineXmlFlags } from '@coreshift/libvirt'
import { NextBootForecast, NextBootRevert, PreparePlan, VmChange } from '@coreshift/shared/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { realHost } from '../../../../../e2e/real-host/real-host.ts'
import { codesOf } from '../../operator.ts'
import { ownName, realLab, type RealLab } from './real-lab.ts'

// What is changed in stored definitions, on a real host: prepared, undone, set while the VM is down, reverted.

const host = realHost()
const DOWN = ownName('down')
const RUNS = ownName('runs')
const POWER = ownName('power')
const CELLS = ownName('cells')

let lab: RealLab
let token: string

beforeAll(async () => {
  lab = await realLab()
  token = await lab.tokenFor('operator')
})

afterAll(async () => {
  await lab[Symbol.asyncDispose]()
})

async function call(method: string, name: string, path: string, body?: unknown): Promise<unknown> {
  const url = `/api/v1/vms/${lab.vm(name).uuid}${path}`
  const response = await lab.call(method, url, { token, ...(body !== undefined && { body }) })
  const answer: unknown = response.status === 202 && path === '/power' ? undefined : await response.json()
  if (!response.ok) throw new Error(JSON.stringify(answer))
  return answer
}

async function start(name: string): Promise<void> {
  await call('POST', name, '/power', { action: 'start' })
  await host.waitForBoot(name)
  await lab.vmWhen(name, ({ status }) => status === 'up')
}

async function stop(name: string): Promise<void> {
  await call('POST', name, '/power', { action: 'destroy' })
  await lab.vmWhen(name, ({ status }) => status === 'down')
}

const storedXml = (name: string) => host.mustVirsh('dumpxml', name, '--inactive')

describe('a VM whose boot vCPUs are fixed', () => {
  beforeAll(() => lab.define({ name: DOWN, kind: 'x86', vcpus: 3, maxVcpus: 4 }))

  it('is prepared while it is down, then shrinks live to one socket, and the preparation is undone', async () => {
    const before = await storedXml(DOWN)
    const wish = { socketsMax: 12 }
    const plan = PreparePlan.parse(await call('POST', DOWN, '/prepare?dryRun=1', wish))
    expect(plan).toMatchObject({
      allowed: true,
      takesEffect: 'at-start',
      from: { maximum: 4, fixed: '0-2' },
      to: { maximum: 12, fixed: '0', removable: '1-2' },
      liveRange: { min: 1, max: 12 },
      cost: { emptySlots: 9 },
    })
    expect(plan.proposal.bounds.map(({ why }) => why).join(' ')).toMatch(
      /Machine type pc-q35-\S+ takes at most/,
    )
    expect(plan.warnings.map(({ code }) => code)).toContain('emulation-limit')
    expect(await storedXml(DOWN)).toBe(before)

    expect(PreparePlan.parse(await call('POST', DOWN, '/prepare', wish))).toMatchObject({ xml: plan.xml })
    await start(DOWN)
    await host.waitForOnline(DOWN, '0-2')
    expect(await lab.resized(DOWN, 1)).toMatchObject({ state: 'converged', to: { vcpus: 1 } })
    await host.waitForOnline(DOWN, '0')
    expect(await lab.resized(DOWN, 4)).toMatchObject({ state: 'converged' })
    await host.waitForOnline(DOWN, '0-3')

    await stop(DOWN)
    await call('DELETE', DOWN, '/prepare')
    expect(await storedXml(DOWN)).toBe(before)
  })

  it('takes more sockets than it has room for while it is down, and starts with them', async () => {
    const answer = VmChange.parse(await call('PATCH', DOWN, '', { sockets: 6 }))
    if (answer.sockets?.ok !== true) throw new Error('the change was refused')
    expect(await lab.ended(answer.sockets.operation.id)).toMatchObject({ state: 'converged', kind: 'config' })
    expect(await lab.vmWhen(DOWN, ({ sockets }) => sockets === 6)).toMatchObject({ socketsMax: 6 })
    expect(await storedXml(DOWN)).toMatch(/<topology sockets='6'/)
    await start(DOWN)
    await host.waitForOnline(DOWN, '0-5')
  })

  it('is refused what its fixed vCPUs forbid, by the rules as by libvirt', async () => {
    const refused = await lab.refusal(DOWN, 2)
    expect(codesOf(refused)).toEqual(['vcpu-not-hotpluggable'])
    expect(refused.reasons?.[0]?.unlock).toContain('prepare-for-live-resize')
    expect((await host.virsh('setvcpus', DOWN, '2', '--live')).code).not.toBe(0)
    // The three that were added to the definition are not among them.
    expect(await lab.resized(DOWN, 3)).toMatchObject({ state: 'converged' })
    await host.waitForOnline(DOWN, '0-2')
  })

  it('is refused more than the running machine or its machine type has room for', async () => {
    expect(codesOf(await lab.refusal(DOWN, 7))).toEqual(['above-maximum'])
    expect((await host.virsh('setvcpus', DOWN, '7', '--live')).code).not.toBe(0)
    const { machineVcpuMax = 0 } = await lab.vmWhen(DOWN, (vm) => vm.machineVcpuMax !== undefined)
    expect(machineVcpuMax).toBeGreaterThan(255)
    await stop(DOWN)
    const beyond = { sockets: machineVcpuMax + 1, mode: 'nextBoot' } as const
    expect(codesOf(await lab.refusal(DOWN, beyond))).toEqual(['host-maximum'])
    const plan = PreparePlan.parse(
      await call('POST', DOWN, '/prepare?dryRun=1', { socketsMax: machineVcpuMax + 1 }),
    )
    expect(plan.reasons.map(({ code }) => code)).toEqual(['host-maximum'])
  })
})

describe('a VM that runs', () => {
  beforeAll(async () => {
    await lab.define({ name: RUNS, kind: 'x86', vcpus: 2, maxVcpus: 4 })
    await lab.boot(RUNS)
  })

  it('is prepared for its next start; the difference is shown with old and new value and can be reverted', async () => {
    const before = await storedXml(RUNS)
    const plan = PreparePlan.parse(await call('POST', RUNS, '/prepare', { socketsMax: 8, sockets: 3 }))
    expect(plan.takesEffect).toBe('next-start')
    const changes = [
      { what: 'sockets', now: '2', next: '3' },
      { what: 'vcpus', now: '2', next: '3' },
      { what: 'maximum', now: '4', next: '8' },
      { what: 'removability', now: 'no vCPU removable', next: 'vCPU 1 removable' },
    ]
    await lab.vmWhen(RUNS, ({ nextBootSockets }) => nextBootSockets === 3)
    const forecast = NextBootForecast.parse(await call('GET', RUNS, '/forecast'))
    expect(forecast).toMatchObject({ changes, becomeRemovable: [1] })
    expect(codesOf(await lab.refusal(RUNS, 1))).toEqual(['vcpu-not-hotpluggable'])

    const shown = NextBootRevert.parse(await call('DELETE', RUNS, '/next-boot?dryRun=1'))
    expect(shown.changes).toEqual(changes)
    expect(NextBootRevert.parse(await call('DELETE', RUNS, '/next-boot'))).toEqual(shown)
    await lab.vmWhen(RUNS, ({ nextBootSockets }) => nextBootSockets === undefined)
    const after = NextBootForecast.parse(await call('GET', RUNS, '/forecast'))
    expect(after.changes).toEqual([])
    const vcpuElement = /<vcpu [^>]*>\d+<\/vcpu>/
    expect(vcpuElement.exec(await storedXml(RUNS))?.[0]).toBe(vcpuElement.exec(before)?.[0])
  })

  it('is warned of before a power cycle would make an added vCPU fixed', async () => {
    expect(await lab.resized(RUNS, { sockets: 3, mode: 'live' })).toMatchObject({ state: 'converged' })
    await host.mustVirsh('setvcpus', RUNS, '3', '--config')
    // libvirt sends no event for it; the periodic comparison would find it within a minute.
    await lab.doors.vms.reread(lab.vm(RUNS).uuid)
    await lab.vmWhen(RUNS, ({ nextBootSockets }) => nextBootSockets === undefined)
    const forecast = NextBootForecast.parse(await call('GET', RUNS, '/forecast'))
    expect(forecast.becomeFixed).toEqual([2])
    expect(forecast.warnings.join(' ')).toContain('fixed after the next boot')
  })

  it('takes no change of its sockets while it is paused, and says what would let it', async () => {
    await call('POST', RUNS, '/power', { action: 'suspend' })
    await lab.vmWhen(RUNS, ({ status }) => status === 'paused')
    for (const mode of ['live', 'nextBoot', 'both'] as const) {
      const refused = await lab.refusal(RUNS, { sockets: 2, mode })
      expect(refused.reasons).toMatchObject([{ code: 'vm-status', unlock: ['resume-vm', 'shut-down-vm'] }])
    }
    await expect(call('POST', RUNS, '/prepare')).rejects.toThrow('vm-status')
    await call('POST', RUNS, '/power', { action: 'resume' })
    await lab.vmWhen(RUNS, ({ status }) => status === 'up')
    expect(await lab.resized(RUNS, 2)).toMatchObject({ state: 'converged' })
  })
})

describe('a Power VM whose guest gives nothing back', () => {
  // Sources are silent about Debian on Power.
  const acknowledge = ['unverified-guest-os' as const]

  beforeAll(async () => {
    await lab.define({ name: POWER, kind: 'ppc', vcpus: 4, behaviour: 'refuse' })
    await lab.boot(POWER)
  })

  it('keeps description and stored sockets apart: the one is saved, the others stay as they were, the audit has both', async () => {
    expect(await lab.resized(POWER, { sockets: 3, mode: 'both', acknowledge })).toMatchObject({
      state: 'converged',
    })
    // It refuses once it runs on nothing but what was added.
    await host.waitForOnline(POWER, '4-5')
    const stored = await lab.vcpuCount(POWER, 'config')
    const policy = { deadlineMs: 30_000, attempts: 1, ending: 'fail' }
    const answer = VmChange.parse(
      await call('PATCH', POWER, '', { description: 'kept', sockets: 2, policy, acknowledge }),
    )
    expect(answer.description).toEqual({ ok: true })
    if (answer.sockets?.ok !== true) throw new Error('the resize was refused by the rules')
    const ended = await lab.ended(answer.sockets.operation.id)
    expect(ended.state).toBe('failed')
    expect(await host.mustVirsh('desc', POWER, '--config')).toBe('kept')
    expect(await lab.vcpuCount(POWER, 'config')).toBe(stored)
    expect(await lab.vcpuCount(POWER, 'live')).toBe(stored)
    const { items } = await lab.audit.list({ vm: lab.vm(POWER).uuid }, { limit: 100 })
    expect(items).toContainEqual(
      expect.objectContaining({ action: 'vm.description-changed', outcome: 'done' }),
    )
    const closing = items.find(
      ({ action, operation }) => action === 'resize.finished' && operation === ended.id,
    )
    expect(closing?.outcome).toBe('refused')
  })

  it('never gives back half a core, by the rules as by libvirt', async () => {
    expect(codesOf(await lab.refusal(POWER, { removeVcpus: [5], acknowledge }))).toContain(
      'not-a-whole-socket',
    )
    expect((await host.virsh('setvcpu', POWER, '5', '--disable', '--live')).code).not.toBe(0)
    await host.stopGuest(POWER)
  })
})

describe('a VM with guest NUMA cells', () => {
  it('is prepared with a warning, and is as before after the undo', async () => {
    await lab.define({ name: CELLS, kind: 'x86', vcpus: 2, maxVcpus: 4 })
    const cells =
      "<numa><cell id='0' cpus='0-1' memory='98304'/><cell id='1' cpus='2-3' memory='98304'/></numa>"
    const { connection } = lab.doors.vms.session(lab.vm(CELLS).uuid) ?? {}
    const xml = (await storedXml(CELLS)).replace('</cpu>', `${cells}</cpu>`)
    await connection?.call(domainDefineXmlFlags, { xml, flags: DefineFlags.VALIDATE })
    await lab.vmWhen(CELLS, ({ vcpus }) => vcpus[3]?.cell === 1)
    const before = await storedXml(CELLS)
    const plan = PreparePlan.parse(await call('POST', CELLS, '/prepare', { socketsMax: 8 }))
    expect(plan.warnings.map(({ code }) => code)).toContain('numa-cells')
    await lab.vmWhen(CELLS, ({ vcpuMax }) => vcpuMax === 8)
    await call('DELETE', CELLS, '/prepare')
    expect(await storedXml(CELLS)).toBe(before)
  })
})

describe("oVirt's door", () => {
  it('takes the documented request unchanged: one more CPU for a VM that runs, more room for one that is down', async () => {
    const basic = await lab.account('ovirt-user', 'operator')
    const put = async (name: string, sockets: number) => {
      const response = await lab.call('PUT', `/ovirt-engine/api/vms/${lab.vm(name).uuid}`, {
        basic,
        body: `<topology sockets="${sockets}" cores="1"></topology>`,
        headers: { 'Content-Type': 'application/xml' },
      })
      return { status: response.status, text: await response.text() }
    }
    expect((await put(RUNS, 3)).text).toMatch(/<sockets>3<\/sockets>/)
    await host.waitForOnline(RUNS, '0-2')
    expect(await lab.vcpuCount(RUNS, 'config')).toBe(3)
    expect(await put(RUNS, 5)).toMatchObject({
      status: 409,
      text: expect.stringContaining('at most 4 sockets') as string,
    })
    expect((await put(CELLS, 5)).text).toMatch(/<sockets>5<\/sockets>/)
    expect(await lab.vcpuCount(CELLS, 'config')).toBe(5)
  })
})
