import { placeOf, type CpuTopology, type VcpuState, type VmStatus } from '@coreshift/shared'
import type {
  AuditEntry,
  Host,
  Operation,
  ResizePlan,
  Session,
  SocketsOptions,
  Vcpu,
  Vm,
  VmSummary,
} from '@coreshift/shared/contract'

/** The moment all stories happen at. */
export const NOW = Date.parse('2026-11-22T12:03:16.000Z')

export function ago(seconds: number): string {
  return new Date(NOW - seconds * 1000).toISOString()
}

const uuidOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`

export const SESSION: Session = {
  user: { id: 'u1', name: 'ann', role: 'admin' },
  firstRun: false,
  demo: true,
  version: '0.1.0',
}

/** Someone who may only look. */
export const VIEWER: Session = { ...SESSION, user: { id: 'u2', name: 'vic', role: 'viewer' } }

/** Before sign-in. */
export const NOBODY: Session = { firstRun: false, demo: false, version: '0.1.0' }

interface VmShape {
  readonly uuid?: string
  readonly name?: string
  readonly topology?: CpuTopology
  readonly present?: number
  readonly fixed?: number
  readonly states?: Readonly<Record<number, VcpuState>>
  readonly status?: VmStatus
  readonly pinned?: Readonly<Record<number, string>>
  readonly cells?: number
}

const TOPOLOGY: CpuTopology = { sockets: 16, dies: 1, clusters: 1, cores: 1, threads: 2 }

/** A VM with its vCPU slots; vCPUs below `fixed` were there at boot. */
export function vmWith(shape: VmShape, over: Partial<Vm> = {}): Vm {
  const topology = shape.topology ?? TOPOLOGY
  const perSocket = topology.dies * topology.clusters * topology.cores * topology.threads
  const maximum = topology.sockets * perSocket
  const present = shape.present ?? 8
  const fixed = shape.fixed ?? 4
  const vcpus: Vcpu[] = Array.from({ length: maximum }, (_, id) => {
    const state = shape.states?.[id] ?? (id < present ? 'present' : 'absent')
    const isThere = state !== 'absent' && state !== 'removed' && state !== 'adding'
    const pinning = shape.pinned?.[id]
    return {
      id,
      state,
      ...placeOf(topology, id),
      hotpluggable: id >= fixed,
      ...(state === 'pending-removal' || state === 'adding'
        ? { since: ago(12), operation: uuidOf(900) }
        : {}),
      ...(isThere ? { hostCpu: (id * 5) % 24, loadPercent: (id * 37) % 100 } : {}),
      ...(pinning ? { pinning } : {}),
      ...(shape.cells ? { cell: Math.floor((id * shape.cells) / maximum) } : {}),
    }
  })
  const hypervisor = vcpus.filter((v) => !['absent', 'removed', 'adding'].includes(v.state)).length
  const down = shape.status === 'down'
  return {
    uuid: shape.uuid ?? uuidOf(1),
    name: shape.name ?? 'db-01',
    host: 'h1',
    hostName: 'lab',
    status: shape.status ?? 'up',
    stale: false,
    guestOs: { name: 'Red Hat Enterprise Linux 9.4', source: 'agent', row: 'rhel-9', plug: '+', unplug: '+' },
    arch: 'x86_64',
    persistent: true,
    sockets: hypervisor / perSocket,
    vcpuCount: hypervisor,
    vcpuMax: maximum,
    socketsMax: topology.sockets,
    wanted: hypervisor,
    hypervisor: down ? 0 : hypervisor,
    ...(down ? {} : { guestOnline: hypervisor }),
    loadPercent: 34,
    pendingVcpus: 0,
    stuckVcpus: 0,
    refusedVcpus: 0,
    rev: 7,
    description: 'Orders database, primary. Ask Ben before taking memory away.',
    domainType: 'kvm',
    machine: 'pc-q35-10.0',
    topology: { ...topology, declared: true },
    vcpusPerSocket: perSocket,
    vcpusPerUnit: 1,
    socketsMinLive: Math.ceil(fixed / perSocket),
    agent: 'connected',
    unplugAllowed: true,
    vcpus,
    ...over,
  }
}

export function summaryOf(vm: Vm): VmSummary {
  const {
    description: _,
    domainType,
    machine,
    topology,
    vcpusPerSocket,
    vcpusPerUnit,
    socketsMinLive,
    agent,
    job,
    unplugAllowed,
    vcpus,
    ...summary
  } = vm
  return summary
}

export function optionsFor(vm: Vm): SocketsOptions {
  const hostCpus = 24
  return {
    vm: vm.uuid,
    rev: vm.rev,
    options: Array.from({ length: vm.socketsMax }, (_, index) => {
      const sockets = index + 1
      const count = sockets * vm.vcpusPerSocket
      const below = sockets < vm.socketsMinLive
      const above = count > hostCpus
      const unverified = vm.guestOs.unplug === 'unknown'
      const isLive = vm.status === 'up'
      const host = {
        code: 'host-maximum' as const,
        message: `The host has ${hostCpus} CPUs.`,
        unlock: [],
      }
      const liveReasons = [
        ...(isLive
          ? []
          : [{ code: 'vm-status' as const, message: 'The machine is off.', unlock: ['start-vm' as const] }]),
        ...(below
          ? [
              {
                code: 'vcpu-not-hotpluggable' as const,
                message: `vCPU ${count}-${vm.socketsMinLive * vm.vcpusPerSocket - 1} were present at boot and cannot be removed while the machine runs.`,
                unlock: ['use-next-boot' as const, 'prepare-for-live-resize' as const],
              },
            ]
          : []),
        ...(above ? [host] : []),
        ...(unverified && !below && !above
          ? [
              {
                code: 'unverified-guest-os' as const,
                message: 'Nobody has recorded whether Debian 13 on ppc64le lets vCPUs go.',
                unlock: ['acknowledge-untested-guest' as const],
              },
            ]
          : []),
      ]
      return {
        sockets,
        vcpus: count,
        current: count === vm.hypervisor,
        live: {
          allowed: !below && !above && isLive,
          reasons: liveReasons,
          ...(unverified ? { acknowledge: ['unverified-guest-os'] } : {}),
        },
        nextBoot: { allowed: !above, reasons: above ? [host] : [] },
      }
    }),
  }
}

export function planFor(vm: Vm, sockets: number): ResizePlan {
  const to = sockets * vm.vcpusPerSocket
  const from = vm.hypervisor
  const ids = (a: number, b: number) => Array.from({ length: Math.max(0, b - a) }, (_, i) => a + i)
  const live = optionsFor(vm).options[sockets - 1]?.live
  return {
    vm: vm.uuid,
    rev: vm.rev,
    ...(live?.allowed && live.acknowledge ? { acknowledge: live.acknowledge } : {}),
    kind: to < from ? 'unplug' : 'plug',
    from: { sockets: vm.sockets, vcpus: from },
    to: { sockets, vcpus: to },
    allowed: true,
    reasons: live?.allowed ? live.reasons : [],
    now: [to < from ? `removes vCPU ${to}-${from - 1}` : `adds vCPU ${from}-${to - 1}`],
    afterRestart: [`${sockets} sockets (${to} vCPUs)`],
    addVcpus: ids(from, to),
    removeVcpus: ids(to, from),
    ...(to < from ? { expected: { medianMs: 400, removals: 23, refusals: 1 } } : {}),
  }
}

type OpVcpu = readonly [id: number, state: VcpuState, secondsAgo: number, attempts?: number, error?: string]

export function operationWith(vm: Vm, vcpus: readonly OpVcpu[], over: Partial<Operation> = {}): Operation {
  return {
    id: uuidOf(900),
    vm: vm.uuid,
    vmName: vm.name,
    host: vm.host,
    hostName: vm.hostName,
    requestedBy: { kind: 'user', name: 'ann' },
    kind: 'unplug',
    from: { sockets: 4, vcpus: 8 },
    to: { sockets: 2, vcpus: 4 },
    mode: 'both',
    policy: {
      preset: 'interactive',
      deadlineMs: 30_000,
      attempts: 2,
      backoffFactor: 1,
      maxDeadlineMs: 30_000,
      retryRefused: false,
      reconcileMs: 60_000,
      ending: 'reconcile',
    },
    state: 'pending',
    vcpus: vcpus.map(([id, state, seconds, attempts = 1, error]) => ({
      id,
      state,
      since: ago(seconds),
      attempts,
      ...(error ? { error } : {}),
    })),
    attempts: 1,
    overdue: false,
    createdAt: ago(12.4),
    acceptedAt: ago(12),
    deadlineAt: ago(-18),
    sentence: 'Waiting for the guest to let go of vCPU 4-7.',
    timeline: [
      { at: ago(12.4), what: 'requested', text: 'ann asked for 2 sockets' },
      {
        at: ago(12),
        what: 'accepted',
        text: 'libvirt accepted the removal of vCPU 4-7',
        vcpus: [4, 5, 6, 7],
      },
    ],
    ...over,
  }
}

let auditId = 18_190
export function entry(seconds: number, message: string, over: Partial<AuditEntry> = {}): AuditEntry {
  auditId += 1
  return {
    id: auditId,
    at: ago(seconds),
    actor: { kind: 'user', name: 'ann', address: '10.0.0.7' },
    action: 'resize.finished',
    outcome: 'done',
    vm: uuidOf(1),
    vmName: 'db-01',
    message,
    hash: '9f2c4be1a07d3355ce1188f0a2b4d6e89f2c4be1a07d3355ce1188f0a2b4d6e8',
    ...over,
  }
}

export function historyOf(): AuditEntry[] {
  return [
    entry(90_000, 'changed db-01 from 2 to 4 sockets outside of Coreshift', {
      actor: { kind: 'outside', name: 'outside' },
      action: 'vm.changed-outside',
      outcome: 'info',
    }),
    entry(3_700, 'asked to resize from 4 to 5 sockets', {
      outcome: 'refused',
      message: 'was refused a resize from 4 to 15 sockets: the host has 24 CPUs',
    }),
    entry(12.4, 'ann asked to resize db-01 from 4 to 2 sockets now and for the next boot.', {
      action: 'resize.requested',
      outcome: 'started',
    }),
    entry(12, 'libvirt took the request and asked the guest.', {
      action: 'resize.accepted',
      outcome: 'info',
    }),
    entry(11.7, 'vCPU 7 was removed in 0.31 s', {
      action: 'resize.vcpu-removed',
      durationMs: 310,
    }),
    entry(11.7, 'vCPU 6 was removed in 0.31 s', {
      action: 'resize.vcpu-removed',
      durationMs: 312,
    }),
  ].reverse()
}

const NAMES = ['web', 'db', 'cache', 'build', 'mail', 'queue', 'edge', 'batch', 'auth', 'search']
const SYSTEMS = [
  'Red Hat Enterprise Linux 9.4',
  'Debian GNU/Linux 12',
  'Windows Server 2022',
  'Ubuntu 24.04 LTS',
  'SUSE Linux Enterprise 15',
]

/** A fleet with a bit of everything, the same one each time. */
export function fleetOf(count: number): VmSummary[] {
  return Array.from({ length: count }, (_, n) => {
    const status: VmStatus = n % 11 === 5 ? 'down' : n % 37 === 8 ? 'paused' : 'up'
    const vm = summaryOf(
      vmWith(
        {
          uuid: uuidOf(n + 1),
          name: `${NAMES[n % NAMES.length]}-${String(Math.floor(n / NAMES.length) + 1).padStart(2, '0')}`,
          present: (1 + (n % 7)) * 2,
          topology: { sockets: 8, dies: 1, clusters: 1, cores: 1, threads: 2 },
          status,
        },
        {},
      ),
    )
    const host = ['lab', 'rack-1', 'rack-2'][n % 3] ?? 'lab'
    return {
      ...vm,
      host,
      hostName: host,
      stale: host === 'rack-2' && count < 100,
      guestOs:
        n % 9 === 4
          ? { name: 'unknown', source: 'none' as const, plug: 'unknown' as const, unplug: 'unknown' as const }
          : { ...vm.guestOs, name: SYSTEMS[n % SYSTEMS.length] ?? '' },
      loadPercent: (n * 29) % 101,
      ...(n % 13 === 1 ? { pendingVcpus: 2, operation: uuidOf(n + 5000), operationSince: ago(12) } : {}),
      ...(n % 29 === 3 ? { stuckVcpus: 2, operation: uuidOf(n + 5000), operationSince: ago(400) } : {}),
      ...(n % 31 === 6 ? { refusedVcpus: 1 } : {}),
      ...(n % 17 === 2 ? { nextBootSockets: vm.sockets + 2, nextBootVcpuCount: vm.vcpuCount + 4 } : {}),
    }
  })
}

export const HOSTS: Host[] = [
  {
    id: 'h1',
    name: 'lab',
    uri: 'qemu:///system',
    source: 'local',
    demo: false,
    state: 'connected',
    since: ago(86_400),
    libvirtVersion: '12.8.0',
    hypervisorVersion: '11.1.3',
    hostname: 'lab.example',
    arch: 'x86_64',
    cpus: 24,
    memoryKib: 131_072_000,
    asyncUnplug: true,
    vms: 12,
  },
  {
    id: 'h2',
    name: 'rack-1',
    uri: 'qemu+unix:///system?socket=/run/rack1',
    source: 'environment',
    demo: false,
    state: 'connected',
    since: ago(4_000),
    libvirtVersion: '11.3.0',
    hypervisorVersion: '10.0.2',
    arch: 'x86_64',
    cpus: 64,
    asyncUnplug: false,
    vms: 40,
  },
  {
    id: 'h3',
    name: 'rack-2',
    uri: 'qemu+unix:///system?socket=/run/rack2',
    source: 'page',
    demo: false,
    state: 'offline',
    since: ago(190),
    cause: 'The socket /run/rack2 does not exist.',
    hint: 'Start libvirtd on that machine: systemctl start libvirtd.socket',
    nextAttemptAt: ago(-8),
    arch: 'x86_64',
    vms: 40,
  },
]
