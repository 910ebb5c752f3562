import { hotplugUnitSize, type PreparationFacts, type VmFacts } from '@coreshift/shared'
import { NextBootForecast, PreparePlan, type Actor } from '@coreshift/shared/contract'
import { describe, expect, it } from 'vitest'
import type { AuditDraft } from '../audit/audit-log.ts'
import { parseDomainXml } from '../inventory/parse-domain-xml.ts'
import { VmHolds } from '../inventory/vm-holds.ts'
import type { KeptDefinition } from './keep-definition.ts'
import { createPrepareDesk, type PrepareDesk, type PreparePort } from './prepare-desk.ts'

const UUID = '11111111-2222-4333-8444-777777777777'
const ann: Actor = { kind: 'user', name: 'ann' }
const NOW = '2026-11-22T12:00:00.000Z'
const STORED = `<domain type="kvm">
  <name>db-01</name>
  <uuid>${UUID}</uuid>
  <vcpu>4</vcpu>
  <os>
    <type arch="x86_64" machine="pc-q35-9.2">hvm</type>
  </os>
  <devices>
    <graphics type="vnc" passwd="secret"/>
  </devices>
</domain>
`

function factsOf(xml: string, changes: Partial<VmFacts> = {}): PreparationFacts {
  const { topology, topologyDeclared, vcpuMax, vcpus, arch, machine, name } = parseDomainXml(xml)
  const plain = vcpus.map(({ id, enabled, hotpluggable }) => ({ id, enabled, hotpluggable }))
  return {
    emulated: false,
    numaCells: 0,
    vm: {
      uuid: UUID,
      name,
      rev: 7,
      status: 'down',
      arch,
      machine,
      config: { topology, topologyDeclared, maximum: vcpuMax, vcpus: plain },
      unitSize: hotplugUnitSize(arch, topology),
      guest: { name: 'Debian 12', plug: '+', unplug: '+' },
      host: { name: 'lab', online: true, cpus: 64 },
      settings: { pinnedRemovalAllowed: false, hostCpuLimit: 'warn' },
      ...changes,
    },
  }
}

function lab(changes: Partial<VmFacts> = {}) {
  const state = {
    xml: STORED,
    refuses: undefined as Error | undefined,
    /** libvirt stores it all the same; its answer gets lost. */
    losesAnswers: false,
    /** From the next definition on. */
    goesOffline: false,
    unreachable: false,
    kept: undefined as KeptDefinition | undefined,
    refreshed: 0,
  }
  const audit: AuditDraft[] = []
  const vms: PreparePort = {
    facts: (uuid) => (uuid === UUID ? factsOf(state.xml, changes) : undefined),
    hostOf: () => 'rack1',
    readAgain: () => Promise.resolve(),
    storedXml: (_uuid, { withSecrets }) =>
      state.unreachable
        ? Promise.reject(new Error('offline'))
        : Promise.resolve(withSecrets ? state.xml : state.xml.replace(' passwd="secret"', '')),
    define: (_uuid, xml) => {
      state.unreachable = state.goesOffline
      if (state.losesAnswers) state.xml = xml
      if (state.refuses) return Promise.reject(state.refuses)
      state.xml = xml
      return Promise.resolve()
    },
    refresh: () => {
      state.refreshed += 1
    },
  }
  const desk = createPrepareDesk({
    vms,
    kept: {
      read: () => Promise.resolve(state.kept),
      write: (_uuid, kept) => {
        state.kept = kept
        return Promise.resolve()
      },
    },
    holds: new VmHolds(),
    audit: {
      append: (draft) => {
        audit.push(draft)
        return Promise.resolve()
      },
    },
    now: () => NOW,
  })
  return { desk, audit, state }
}

describe('a plan', () => {
  it('is what the contract says, shows the XML without secrets, and changes nothing', async () => {
    const { desk, audit, state } = lab()
    const plan = await desk.plan(UUID, {})
    expect(PreparePlan.parse(plan)).toEqual(plan)
    expect(plan).toMatchObject({
      allowed: true,
      from: { maximum: 4, fixed: '0-3', removable: '' },
      to: { maximum: 8, fixed: '0', removable: '1-3' },
      liveRange: { min: 1, max: 8 },
      undo: false,
    })
    expect(plan.xml.filter((line) => line.kind === 'removed').map((line) => line.text)).toEqual([
      '  <vcpu>4</vcpu>',
    ])
    expect(JSON.stringify(plan)).not.toContain('secret')
    expect([state.xml, audit]).toEqual([STORED, []])
  })

  it('that is refused has every reason and no XML', async () => {
    const { desk } = lab({ status: 'paused' })
    const plan = await desk.plan(UUID, {})
    expect(plan).toMatchObject({ allowed: false, reasons: [{ code: 'vm-status' }], xml: [] })
  })

  it('of a VM that does not exist is not found', async () => {
    await expect(lab().desk.plan('gone', {})).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('preparing', () => {
  it('stores the definition with its secrets, keeps the undo, and says who did it', async () => {
    const { desk, audit, state } = lab()
    const plan = await desk.prepare(UUID, { socketsMax: 6, rev: 7 }, ann, 'request-1')
    expect(plan.undo).toBe(true)
    expect(state.xml).toContain('passwd="secret"')
    expect(parseDomainXml(state.xml)).toMatchObject({ vcpuMax: 6 })
    expect(state.refreshed).toBe(1)
    expect(audit).toMatchObject([
      {
        action: 'vm.prepared',
        outcome: 'done',
        actor: ann,
        vm: UUID,
        vmName: 'db-01',
        host: 'rack1',
        at: NOW,
        requestId: 'request-1',
        message:
          'Prepared for live resize. Room for 6 sockets (6 vCPUs) instead of 4 sockets (4 vCPUs). vCPU 1-3 become removable while the VM runs.',
      },
    ])
  })

  it('twice with the same wish is a conflict', async () => {
    const { desk } = lab()
    await desk.prepare(UUID, { socketsMax: 6 }, ann)
    await expect(desk.prepare(UUID, { socketsMax: 6 }, ann)).rejects.toMatchObject({ code: 'conflict' })
  })

  it('is refused with every reason', async () => {
    const { desk, audit, state } = lab({ status: 'migrating' })
    await expect(desk.prepare(UUID, {}, ann)).rejects.toMatchObject({
      code: 'refused',
      reasons: [{ code: 'migration-in-progress' }],
    })
    expect([state.xml, state.kept, audit]).toEqual([STORED, undefined, []])
  })

  it('on an older revision is refused', async () => {
    await expect(lab().desk.prepare(UUID, { rev: 6 }, ann)).rejects.toMatchObject({ code: 'stale-revision' })
  })

  it('that libvirt does not take is in the audit and leaves no undo behind', async () => {
    const { desk, audit, state } = lab()
    state.refuses = new Error('unsupported configuration')
    await expect(desk.prepare(UUID, {}, ann)).rejects.toThrow('unsupported configuration')
    expect(audit).toMatchObject([{ action: 'vm.prepared', outcome: 'failed' }])
    expect(audit[0]?.message).toContain('Failed: unsupported configuration')
    expect([state.kept, state.refreshed]).toEqual([undefined, 0])
  })

  it('is done when libvirt stored it and only its answer got lost', async () => {
    const { desk, audit, state } = lab()
    state.losesAnswers = true
    state.refuses = new Error('connection closed')
    await desk.prepare(UUID, {}, ann)
    expect(audit).toMatchObject([{ action: 'vm.prepared', outcome: 'done' }])
    state.refuses = undefined
    await desk.undo(UUID, ann)
    expect(state.xml).toBe(STORED)
  })

  it('can be undone later where nobody knows whether libvirt stored it', async () => {
    const { desk, audit, state } = lab()
    Object.assign(state, { losesAnswers: true, goesOffline: true, refuses: new Error('connection closed') })
    await expect(desk.prepare(UUID, {}, ann)).rejects.toThrow('connection closed')
    expect(audit[0]?.message).toContain('Whether libvirt stored it is not known.')
    Object.assign(state, { goesOffline: false, unreachable: false, refuses: undefined })
    await desk.undo(UUID, ann)
    expect(state.xml).toBe(STORED)
  })
})

describe('an undo', () => {
  it('puts the definition back and can be made once', async () => {
    const { desk, audit, state } = lab()
    await desk.prepare(UUID, {}, ann)
    const shown = await desk.planUndo(UUID)
    expect(shown.filter((line) => line.kind === 'added').map((line) => line.text)).toEqual([
      '  <vcpu>4</vcpu>',
    ])
    await desk.undo(UUID, ann)
    expect(state.xml).toBe(STORED)
    expect(audit.map((entry) => entry.action)).toEqual(['vm.prepared', 'vm.preparation-undone'])
    await expect(desk.undo(UUID, ann)).rejects.toMatchObject({ code: 'conflict' })
    expect(await desk.planUndo(UUID)).toEqual([])
  })

  it('is refused while the VM must not be changed', async () => {
    const { desk } = lab({ job: 'migration' })
    await expect(desk.undo(UUID, ann)).rejects.toMatchObject({
      code: 'refused',
      reasons: [{ code: 'migration-in-progress' }],
    })
  })

  it('that libvirt does not take can be tried again', async () => {
    const { desk, audit, state } = lab()
    await desk.prepare(UUID, {}, ann)
    state.refuses = new Error('busy')
    await expect(desk.undo(UUID, ann)).rejects.toThrow('busy')
    state.refuses = undefined
    await desk.undo(UUID, ann)
    expect(state.xml).toBe(STORED)
    expect(audit.map((entry) => entry.outcome)).toEqual(['done', 'failed', 'done'])
  })
})

describe('a revert of what the next boot changes', () => {
  const four = factsOf(STORED).vm.config
  const running = { status: 'up', ...(four && { live: four }) } as const

  it('shows the difference without secrets, then gives the stored definition the vCPUs of the running machine', async () => {
    const { desk, audit, state } = lab(running)
    await desk.prepare(UUID, { socketsMax: 8, sockets: 6 }, ann)
    const plan = await desk.planRevert(UUID)
    expect(plan.changes).toEqual([
      { what: 'sockets', now: '4', next: '6' },
      { what: 'vcpus', now: '4', next: '6' },
      { what: 'maximum', now: '4', next: '8' },
      { what: 'removability', now: 'no vCPU removable', next: 'vCPU 1-3 removable' },
    ])
    expect(JSON.stringify(plan)).not.toContain('secret')
    expect(await desk.revert(UUID, ann, 'request-2')).toEqual(plan)
    expect(state.xml).toContain('passwd="secret"')
    expect(factsOf(state.xml).vm.config).toEqual(four)
    expect(audit.at(-1)).toMatchObject({
      action: 'vm.next-boot-reverted',
      outcome: 'done',
      requestId: 'request-2',
    })
    expect(audit.at(-1)?.message).toContain('sockets 4 instead of 6')
    await expect(desk.revert(UUID, ann)).rejects.toMatchObject({ code: 'conflict' })
  })

  it('has nothing to revert while the VM is down, and is refused while it migrates', async () => {
    await expect(lab().desk.revert(UUID, ann)).rejects.toMatchObject({ code: 'conflict' })
    const migrating = lab({ ...running, status: 'migrating' })
    for (const asked of [migrating.desk.planRevert(UUID), migrating.desk.revert(UUID, ann)]) {
      await expect(asked).rejects.toMatchObject({ reasons: [{ code: 'migration-in-progress' }] })
    }
  })
})

describe('two changes of one definition at the same time', () => {
  it.each([
    { second: 'a preparation', ask: (desk: PrepareDesk) => desk.prepare(UUID, {}, ann) },
    { second: 'an undo', ask: (desk: PrepareDesk) => desk.undo(UUID, ann) },
    { second: 'a revert', ask: (desk: PrepareDesk) => desk.revert(UUID, ann) },
  ])('the second, $second, is refused with the reason', async ({ ask }) => {
    const { desk, audit } = lab()
    const first = desk.prepare(UUID, { socketsMax: 6 }, ann)
    await expect(ask(desk)).rejects.toMatchObject({
      code: 'refused',
      reasons: [{ code: 'resize-in-progress', unlock: ['wait-for-resize'] }],
    })
    expect((await first).undo).toBe(true)
    expect(audit).toHaveLength(1)
  })

  it('none is made while a resize is open', async () => {
    const openResize = { id: 'r', by: 'bob', since: NOW, what: 'from 4 to 2 sockets' }
    const { desk, state } = lab({ openResize })
    const reasons = [{ code: 'resize-in-progress', message: expect.stringContaining('bob') as string }]
    await expect(desk.prepare(UUID, {}, ann)).rejects.toMatchObject({ reasons })
    await expect(desk.undo(UUID, ann)).rejects.toMatchObject({ reasons })
    await expect(desk.revert(UUID, ann)).rejects.toMatchObject({ reasons })
    expect(state.xml).toBe(STORED)
  })
})

describe('the forecast', () => {
  it('is what the contract says', () => {
    const forecast = lab().desk.forecast(UUID)
    expect(NextBootForecast.parse(forecast)).toEqual(forecast)
    expect(forecast).toMatchObject({ vm: UUID, rev: 7, becomeFixed: [], changes: [] })
    expect(forecast.vcpus).toHaveLength(4)
  })
})
