import { z } from 'zod'
import { RESIZE_MODES } from '../operation-state.ts'
import { ACKNOWLEDGEABLE_CODES } from '../refusal-code.ts'
import { POLICY_PRESETS } from '../resize-policy.ts'
import { VCPU_STATES } from '../vcpu-state.ts'
import { VM_STATUSES } from '../vm-status.ts'
import { Instant, Uuid, VcpuId } from './primitives.ts'
import { ResizePolicy } from './resize.ts'

export const CpuTopology = z
  .object({
    sockets: z.int().min(1),
    dies: z.int().min(1),
    clusters: z.int().min(1),
    cores: z.int().min(1),
    threads: z.int().min(1),
  })
  .meta({ id: 'CpuTopology' })

export const GUEST_OS_SOURCES = ['override', 'agent', 'metadata', 'none'] as const

export const GUEST_SUPPORT_VALUES = ['+', '-', 'reboot-required', 'unknown'] as const
export type GuestSupportValue = (typeof GUEST_SUPPORT_VALUES)[number]

export const GuestOs = z
  .object({
    name: z
      .string()
      .describe('for a person, e.g. Red Hat Enterprise Linux 9.4; "unknown" where nothing tells'),
    source: z.enum(GUEST_OS_SOURCES),
    row: z.string().optional().describe('key of the guest OS matrix row that answers'),
    plug: z.enum(GUEST_SUPPORT_VALUES),
    unplug: z.enum(GUEST_SUPPORT_VALUES),
    socketsMax: z.int().min(1).optional().describe('sockets that the edition of the guest uses at most'),
    disagreement: z.string().optional().describe('where two sources name different systems'),
  })
  .meta({ id: 'GuestOs' })
export type GuestOs = z.infer<typeof GuestOs>

/** One vCPU slot of the domain, from 0 to maximum - 1. */
export const Vcpu = z
  .object({
    id: VcpuId,
    state: z.enum(VCPU_STATES),
    since: Instant.optional().describe('when the state began, where known'),
    socket: z.int(),
    die: z.int(),
    cluster: z.int(),
    core: z.int(),
    thread: z.int(),
    hotpluggable: z.boolean().describe('false: fixed, cannot be removed while the VM runs'),
    hostCpu: z.int().optional().describe('host CPU it ran on last'),
    pinning: z.string().optional().describe('host CPUs it is pinned to, e.g. 0-3; absent = not pinned'),
    cell: z.int().optional().describe('guest NUMA cell'),
    loadPercent: z.number().optional().describe('0 to 100, of one host CPU'),
    operation: z.string().optional().describe('id of the operation that moves it'),
    error: z.string().optional(),
  })
  .meta({ id: 'Vcpu' })
export type Vcpu = z.infer<typeof Vcpu>

const counts = {
  wanted: z.int().describe('vCPUs asked for: the target of the open operation, else what the hypervisor has'),
  hypervisor: z.int().describe('vCPUs that libvirt counts; 0 when down'),
  guestOnline: z
    .int()
    .optional()
    .describe('vCPUs the guest uses, as its agent says; absent without an agent'),
}

export const VmSummary = z
  .object({
    uuid: Uuid,
    name: z.string(),
    title: z.string().optional(),
    host: z.string().describe('host id'),
    hostName: z.string(),
    status: z.enum(VM_STATUSES),
    stale: z.boolean().describe('true while the host is offline: the last known truth'),
    guestOs: GuestOs,
    arch: z.string(),
    persistent: z.boolean(),
    sockets: z
      .number()
      .describe('sockets of the running VM, or of the stored definition when down; a fraction is possible'),
    vcpuCount: z.int().describe('vCPUs that go with `sockets`'),
    vcpuMax: z.int(),
    socketsMax: z.int(),
    nextBootSockets: z
      .number()
      .optional()
      .describe('where the stored definition differs from the running VM'),
    nextBootVcpuCount: z.int().optional(),
    ...counts,
    loadPercent: z.number().optional().describe('0 to 100 over all present vCPUs'),
    pendingVcpus: z.int().describe('vCPUs whose removal or addition is under way'),
    stuckVcpus: z.int(),
    refusedVcpus: z.int(),
    operation: z.string().optional().describe('id of the open resize operation'),
    operationSince: Instant.optional(),
    rev: z.int(),
  })
  .meta({ id: 'VmSummary' })
export type VmSummary = z.infer<typeof VmSummary>

export const Vm = VmSummary.extend({
  description: z.string().optional(),
  domainType: z.string().describe('kvm or qemu'),
  machine: z.string(),
  machineVcpuMax: z.int().optional().describe('vCPUs that the machine type takes at most on this host'),
  topology: CpuTopology.extend({
    declared: z
      .boolean()
      .describe('false: no <topology> in the definition, libvirt assumes one core per socket'),
  }),
  vcpusPerSocket: z.int(),
  vcpusPerUnit: z.int().describe('vCPUs that are plugged and unplugged together'),
  socketsMinLive: z.int().describe('lowest number of sockets a live resize can reach'),
  agent: z.enum(['connected', 'disconnected', 'none']),
  job: z.string().optional().describe('e.g. migration-out; a running job forbids changes'),
  unplugAllowed: z
    .boolean()
    .describe('false where an administrator switched unplug off for this VM or its host'),
  vcpus: z.array(Vcpu).describe('every slot up to the maximum'),
}).meta({ id: 'Vm' })
export type Vm = z.infer<typeof Vm>

export const VmList = z
  .object({ items: z.array(VmSummary), nextCursor: z.string().optional(), total: z.int(), rev: z.int() })
  .meta({ id: 'VmList' })
export type VmList = z.infer<typeof VmList>

export const VmPatch = z
  .object({
    description: z.string().max(8192).optional(),
    sockets: z.int().min(0).max(16_384).optional(),
    mode: z
      .enum(RESIZE_MODES)
      .optional()
      .describe(
        'with sockets; default: both while a persistent VM runs, live for a transient one, else nextBoot',
      ),
    policy: z
      .union([z.enum(POLICY_PRESETS), ResizePolicy])
      .optional()
      .describe('with sockets; default: that of the settings'),
    acknowledge: z.array(z.enum(ACKNOWLEDGEABLE_CODES)).max(20).optional().describe('with sockets'),
    guestOs: z
      .string()
      .max(200)
      .nullable()
      .optional()
      .describe('matrix row key; null takes the override back'),
  })
  .strict()
  .refine(
    ({ sockets, mode, policy, acknowledge }) =>
      sockets !== undefined || (mode === undefined && policy === undefined && acknowledge === undefined),
    { message: 'mode, policy and acknowledge say how to change the sockets: send `sockets` too' },
  )
  .meta({ id: 'VmPatch' })
export type VmPatch = z.infer<typeof VmPatch>

export const POWER_ACTIONS = ['start', 'shutdown', 'reboot', 'reset', 'destroy', 'suspend', 'resume'] as const
export const PowerInput = z
  .object({ action: z.enum(POWER_ACTIONS) })
  .strict()
  .meta({ id: 'PowerInput' })
export type PowerAction = (typeof POWER_ACTIONS)[number]

export const TopologyView = z
  .object({
    hypervisor: z.object({
      topology: CpuTopology,
      vcpus: z.array(Vcpu),
    }),
    guest: z
      .object({
        source: z.literal('agent'),
        vcpus: z.string().describe('ids the guest knows, as ranges'),
        online: z.string(),
        offlinable: z.string(),
        readAt: Instant,
      })
      .optional(),
    guestProblem: z.string().optional().describe("why there is no guest's view, in words"),
  })
  .meta({ id: 'TopologyView' })
export type TopologyView = z.infer<typeof TopologyView>
