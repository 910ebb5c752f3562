import { randomUUID } from 'node:crypto'
import type {
  Actor,
  Host,
  HostInput,
  Operation,
  PreparePlan,
  ResizeRequest,
  Vm,
  VmSummary,
} from '@coreshift/shared/contract'
import { isOpen } from '@coreshift/shared'
import { Failure } from '../src/failure.ts'
import type { HostDirectory } from '../src/hosts/host-directory.ts'
import type { PrepareDesk } from '../src/prepare/prepare-desk.ts'
import type { VmDirectory } from '../src/inventory/vm-directory.ts'
import { toOperation } from '../src/resize/operation-record.ts'
import type { ResizeDesk } from '../src/resize/resize-desk.ts'
import { AT, VM_UUID, operationRecord } from './examples.ts'

/** Inventory, desk and hosts in memory: what the doors (REST, live view) see of the rest of the product. */
export interface FakeDoors {
  readonly vms: VmDirectory
  readonly desk: ResizeDesk
  readonly hosts: HostDirectory
  readonly prepare: PrepareDesk
  /** Changes or adds a VM as libvirt's events would. */
  putVm(vm: Vm): void
  removeVm(uuid: string): void
  putHost(host: Partial<Host>): void
  putOperation(operation: Operation): void
  /** What the doors were asked to change, in order. */
  readonly changes: string[]
  /** Somebody is told of an operation. */
  notify: Parameters<ResizeDesk['onNotice']>[0]
  /** The next resize is refused with this. */
  refuseNextResize(failure: Failure): void
}

export function vmExample(changes: Partial<Vm> = {}): Vm {
  return {
    uuid: VM_UUID,
    name: 'web-1',
    host: 'rack1',
    hostName: 'rack1',
    status: 'up',
    stale: false,
    guestOs: { name: 'unknown', source: 'none', plug: 'unknown', unplug: 'unknown' },
    arch: 'x86_64',
    persistent: true,
    sockets: 4,
    vcpuCount: 4,
    vcpuMax: 8,
    socketsMax: 8,
    wanted: 4,
    hypervisor: 4,
    pendingVcpus: 0,
    stuckVcpus: 0,
    refusedVcpus: 0,
    rev: 1,
    domainType: 'kvm',
    machine: 'q35',
    topology: { sockets: 8, dies: 1, clusters: 1, cores: 1, threads: 1, declared: true },
    vcpusPerSocket: 1,
    vcpusPerUnit: 1,
    socketsMinLive: 1,
    agent: 'none',
    unplugAllowed: true,
    vcpus: Array.from({ length: 8 }, (_, id) => ({
      id,
      state: id < 4 ? ('present' as const) : ('absent' as const),
      socket: id,
      die: 0,
      cluster: 0,
      core: 0,
      thread: 0,
      hotpluggable: id > 0,
    })),
    ...changes,
  }
}

function summaryOf(vm: Vm): VmSummary {
  const {
    description: _1,
    domainType: _2,
    machine: _3,
    topology: _4,
    vcpusPerSocket: _5,
    vcpusPerUnit: _6,
    socketsMinLive: _7,
    agent: _8,
    job: _9,
    unplugAllowed: _10,
    vcpus: _11,
    ...summary
  } = vm
  return summary
}

export function hostExample(changes: Partial<Host> = {}): Host {
  return {
    id: 'rack1',
    name: 'rack1',
    uri: 'qemu:///system',
    source: 'environment',
    demo: false,
    state: 'connected',
    since: AT,
    ...changes,
  }
}

function listeners<T>() {
  const all = new Set<(value: T) => void>()
  return {
    on: (listener: (value: T) => void) => {
      all.add(listener)
      return () => all.delete(listener)
    },
    tell: (value: T) => {
      for (const listener of all) listener(value)
    },
  }
}

export function fakeDoors(initial: readonly Vm[] = [vmExample()]): FakeDoors {
  const known = new Map(initial.map((vm) => [vm.uuid, vm]))
  const operations = new Map<string, Operation>()
  const hosts = new Map([['rack1', hostExample()]])
  const vmChanged = listeners<string>()
  const operationChanged = listeners<Operation>()
  const hostChanged = listeners<string>()
  const changes: string[] = []
  let rev = 1
  let refusal: Failure | undefined

  const putVm = (vm: Vm): void => {
    rev += 1
    known.set(vm.uuid, { ...vm, rev })
    vmChanged.tell(vm.uuid)
  }
  const vmOf = (uuid: string): Vm => {
    const vm = known.get(uuid)
    if (!vm) throw new Failure('not-found', `There is no VM ${uuid}.`)
    return vm
  }
  const putOperation = (operation: Operation): void => {
    operations.set(operation.id, operation)
    operationChanged.tell(operation)
  }
  const operationOf = (id: string): Operation => {
    const operation = operations.get(id)
    if (!operation) throw new Failure('not-found', `There is no resize ${id}.`)
    return operation
  }

  const vms: VmDirectory = {
    get rev() {
      return rev
    },
    list: () => [...known.values()].map(summaryOf),
    get: (uuid) => known.get(uuid),
    summary: (uuid) => {
      const vm = known.get(uuid)
      return vm && summaryOf(vm)
    },
    topology: (uuid) => {
      const { topology, vcpus } = vmOf(uuid)
      const { declared: _declared, ...shape } = topology
      return Promise.resolve({ hypervisor: { topology: shape, vcpus }, guestProblem: 'No guest agent.' })
    },
    power: (uuid, action) => {
      changes.push(`power ${vmOf(uuid).name} ${action}`)
      return Promise.resolve()
    },
    setDescription: (uuid, description) => {
      changes.push(`describe ${description}`)
      putVm({ ...vmOf(uuid), description })
      return Promise.resolve()
    },
    setGuestOs: (uuid, row) => {
      changes.push(`guest-os ${vmOf(uuid).name} ${String(row)}`)
      return Promise.resolve()
    },
    onChange: (listener) => vmChanged.on((changed) => listener(changed, 'state')),
  }

  const noticeListeners = new Set<Parameters<ResizeDesk['onNotice']>[0]>()
  const desk: ResizeDesk = {
    options: (vmUuid) => ({
      vm: vmUuid,
      rev: vmOf(vmUuid).rev,
      options: Array.from({ length: vmOf(vmUuid).socketsMax }, (_, index) => ({
        sockets: index + 1,
        vcpus: index + 1,
        live: { allowed: true, reasons: [] },
        nextBoot: { allowed: true, reasons: [] },
      })),
    }),
    plan: (vmUuid, request) =>
      Promise.resolve({
        vm: vmUuid,
        rev: vmOf(vmUuid).rev,
        kind: 'unplug',
        from: { sockets: 4, vcpus: 4 },
        to: { sockets: request.sockets ?? 0, vcpus: request.sockets ?? 0 },
        allowed: true,
        reasons: [],
        now: [],
        afterRestart: [],
        addVcpus: [],
        removeVcpus: [],
      }),
    request: (vmUuid, request: ResizeRequest, actor: Actor, _requestId?, operationId?) => {
      if (refusal) {
        const failure = refusal
        refusal = undefined
        return Promise.reject(failure)
      }
      const vm = vmOf(vmUuid)
      const sockets = request.sockets ?? 0
      changes.push(`resize ${vm.name} ${sockets} ${request.mode}`)
      const operation = toOperation(
        operationRecord({
          id: operationId ?? randomUUID(),
          vm: vmUuid,
          vmName: vm.name,
          requestedBy: actor,
          to: { sockets, vcpus: sockets },
          mode: request.mode,
        }),
      )
      putOperation(operation)
      return Promise.resolve(operation)
    },
    get: (id) => operations.get(id),
    find: (id) => Promise.resolve(operations.get(id)),
    listForVm: (vmUuid, { limit, before } = { limit: 100 }) => {
      const newestFirst = [...operations.values()].filter(({ vm }) => vm === vmUuid).reverse()
      const start = newestFirst.findIndex(({ id }) => id === before?.id) + 1
      return Promise.resolve(newestFirst.slice(start, start + limit))
    },
    listOpen: () => [...operations.values()].filter(({ state }) => isOpen(state)),
    retry: (id) => {
      changes.push(`retry ${operationOf(id).vmName}`)
      return Promise.resolve(operationOf(id))
    },
    abandon: (id) => {
      changes.push(`abandon ${operationOf(id).vmName}`)
      const ended: Operation = { ...operationOf(id), state: 'abandoned', finishedAt: AT }
      putOperation(ended)
      return Promise.resolve(ended)
    },
    tell: (id, { kind, name }, on) => {
      const { tell: _before, ...operation } = operationOf(id)
      const told: Operation = on ? { ...operation, tell: [{ kind, name }] } : operation
      putOperation(told)
      return Promise.resolve(told)
    },
    onChange: operationChanged.on,
    onNotice: (listener) => {
      noticeListeners.add(listener)
      return () => noticeListeners.delete(listener)
    },
  }

  const hostDirectory: HostDirectory = {
    list: () => [...hosts.values()],
    get: (id) => hosts.get(id),
    add: (input: HostInput) => {
      if (hosts.has(input.name)) return Promise.reject(new Failure('conflict', `"${input.name}" is taken.`))
      const { name, uri } = input
      const host = hostExample({ id: name, name, uri, source: 'page', state: 'connecting' })
      hosts.set(host.id, host)
      changes.push(`host ${input.name}`)
      hostChanged.tell(host.id)
      return Promise.resolve(host)
    },
    changeCredentials: (id, credentials) => {
      const known = hosts.get(id)
      if (!known) return Promise.reject(new Failure('not-found', 'There is no such host.'))
      const { username: _before, ...host } = known
      const changed = { ...host, ...(credentials && { username: credentials.username }) }
      hosts.set(id, changed)
      changes.push(`credentials ${id}`)
      hostChanged.tell(id)
      return Promise.resolve(changed)
    },
    test: () => Promise.resolve({ ok: false, cause: 'There is no socket.' }),
    remove: (id) => {
      if (!hosts.delete(id)) return Promise.reject(new Failure('not-found', 'There is no such host.'))
      changes.push(`remove-host ${id}`)
      hostChanged.tell(id)
      return Promise.resolve()
    },
    onChange: hostChanged.on,
  }

  const plan = (uuid: string): PreparePlan => ({
    vm: uuid,
    rev: vmOf(uuid).rev,
    allowed: true,
    reasons: [],
    proposal: { socketsMax: 16, why: 'Twice as many as now.', bounds: [] },
    removable: true,
    changes: ['Room for 16 sockets.'],
    warnings: [],
    takesEffect: 'next-start',
    xml: [{ kind: 'added', text: '  <vcpu>16</vcpu>' }],
    undo: false,
  })
  const prepare: PrepareDesk = {
    forecast: (uuid) => ({
      vm: uuid,
      rev: vmOf(uuid).rev,
      vcpus: [],
      becomeFixed: [],
      becomeRemovable: [],
      warnings: [],
      changes: [],
    }),
    plan: (uuid) => Promise.resolve(plan(uuid)),
    prepare: (uuid, input) => {
      changes.push(`prepare ${vmOf(uuid).name} ${JSON.stringify(input)}`)
      return Promise.resolve({ ...plan(uuid), undo: true })
    },
    planUndo: (uuid) => Promise.resolve(plan(uuid).xml),
    undo: (uuid) => {
      changes.push(`undo ${vmOf(uuid).name}`)
      return Promise.resolve()
    },
    planRevert: (vm) => Promise.resolve({ vm, changes: [], xml: plan(vm).xml }),
    revert: (vm) => {
      changes.push(`revert ${vmOf(vm).name}`)
      return Promise.resolve({ vm, changes: [], xml: plan(vm).xml })
    },
  }

  return {
    vms,
    desk,
    prepare,
    hosts: hostDirectory,
    putVm,
    putHost(changes) {
      const host = hostExample(changes)
      hosts.set(host.id, host)
      hostChanged.tell(host.id)
    },
    removeVm(uuid) {
      rev += 1
      known.delete(uuid)
      vmChanged.tell(uuid)
    },
    putOperation,
    changes,
    notify: (to, notice) => {
      for (const listener of noticeListeners) listener(to, notice)
    },
    refuseNextResize(failure) {
      refusal = failure
    },
  }
}
