import {
  hotplugUnitSize,
  isEnded,
  minLiveSockets,
  placeOf,
  vcpusPerSocket,
  type VcpuState,
} from '@coreshift/shared'
import type { GuestOs, Operation, Settings, Vcpu, Vm, VmSummary } from '@coreshift/shared/contract'
import type { DomainDefinition } from './domain-definition.ts'
import { definitionOf, type DomainSnapshot, type GuestReport } from './domain-snapshot.ts'
import { vmFacts, type FactsContext } from './vm-facts.ts'
import { withLoad, type VmLoad } from './vm-load.ts'

export interface VmContext extends FactsContext {
  /** The open operation, else the latest one. */
  readonly operation?: Operation
  readonly load?: VmLoad
  readonly guestReport?: GuestReport
  readonly guestOs: GuestOs
  readonly settings: Settings
}

function countEnabled(definition: DomainDefinition): number {
  return definition.vcpus.reduce((sum, vcpu) => sum + (vcpu.enabled ? 1 : 0), 0)
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

/**
 * State of one vCPU: libvirt's answer, with what the operation knows laid over it. libvirt has the last word on
 * whether the vCPU is there (rule R1): an operation can never make a present vCPU "removed" or an absent one "present".
 */
export function vcpuState(
  enabled: boolean,
  moved: Operation['vcpus'][number] | undefined,
  operationEnded: boolean,
  guestOffline: boolean,
): VcpuState {
  if (!enabled) {
    if (moved?.state === 'adding') return operationEnded ? 'absent' : 'adding'
    // The read that shows it gone may be newer than what the operation has taken in.
    const wasLeaving = moved !== undefined && moved.state !== 'present' && moved.state !== 'absent'
    return wasLeaving ? 'removed' : 'absent'
  }
  if (moved?.state === 'pending-removal' && !operationEnded) return 'pending-removal'
  if (moved?.state === 'refused' || moved?.state === 'stuck') return moved.state
  return guestOffline ? 'guest-offline' : 'present'
}

function offlineInGuest(enabled: readonly number[], report: GuestReport | undefined): ReadonlySet<number> {
  if (!report) return new Set()
  // The agent numbers the guest's CPUs its own way; only where both sides know the same ids can they be matched.
  const same =
    enabled.length === report.known.length && enabled.every((id, index) => report.known[index] === id)
  if (!same) return new Set()
  const online = new Set(report.online)
  return new Set(enabled.filter((id) => !online.has(id)))
}

/** The VM as page and API see it. Pure: the same facts give the same VM. */
export function buildVm(snapshot: DomainSnapshot, context: VmContext, rev: number): Vm {
  const shown = definitionOf(snapshot)
  const { live, config } = snapshot
  const perSocket = vcpusPerSocket(shown.topology)
  const hypervisor = live ? countEnabled(live) : 0
  const vcpuCount = live ? hypervisor : countEnabled(shown)
  const { operation } = context
  const machineIsOperations = operation !== undefined && live !== undefined && operation.kind !== 'config'
  const moved = new Map(machineIsOperations ? operation.vcpus.map((vcpu) => [vcpu.id, vcpu]) : [])
  const operationOpen = operation !== undefined && !isEnded(operation.state)
  const enabled = live ? live.vcpus.filter((vcpu) => vcpu.enabled).map((vcpu) => vcpu.id) : []
  const guestOffline = offlineInGuest(enabled, context.guestReport)
  const vcpus = shown.vcpus.map((vcpu): Vcpu => {
    const place = placeOf(shown.topology, vcpu.id)
    const move = moved.get(vcpu.id)
    const state: VcpuState = live
      ? vcpuState(vcpu.enabled, move, !operationOpen, guestOffline.has(vcpu.id))
      : vcpu.enabled
        ? 'present'
        : 'absent'
    const hostCpu = snapshot.hostCpus.get(vcpu.id)
    const pinning = shown.pinning.get(vcpu.id)
    const cell = shown.cells.get(vcpu.id)
    return {
      id: vcpu.id,
      state,
      ...(move && state !== 'present' && { since: move.since }),
      ...place,
      hotpluggable: vcpu.hotpluggable,
      ...(hostCpu !== undefined && hostCpu >= 0 && vcpu.enabled && { hostCpu }),
      ...(pinning !== undefined && { pinning }),
      ...(cell !== undefined && { cell }),
      ...(move && operationOpen && { operation: operation.id }),
      ...(move?.error !== undefined && (state === 'refused' || state === 'stuck') && { error: move.error }),
    }
  })
  const count = (...states: VcpuState[]) =>
    vcpus.reduce((sum, vcpu) => sum + (states.includes(vcpu.state) ? 1 : 0), 0)
  const configCount = config === undefined ? undefined : countEnabled(config)
  const pendingConfig =
    live !== undefined && configCount !== undefined && config !== undefined && configCount !== hypervisor
      ? {
          nextBootSockets: round(configCount / vcpusPerSocket(config.topology)),
          nextBootVcpuCount: configCount,
        }
      : {}
  const facts = vmFacts(snapshot, context, rev)
  const summary: VmSummary = {
    uuid: snapshot.uuid,
    name: shown.name,
    ...(shown.title !== undefined && { title: shown.title }),
    host: context.host.id,
    hostName: context.host.name,
    status: snapshot.status,
    stale: !context.host.online,
    guestOs: context.guestOs,
    arch: shown.arch,
    persistent: snapshot.persistent,
    sockets: round(vcpuCount / perSocket),
    vcpuCount,
    vcpuMax: shown.vcpuMax,
    socketsMax: Math.floor(shown.vcpuMax / perSocket),
    ...pendingConfig,
    wanted: operationOpen && operation.kind !== 'config' ? operation.to.vcpus : vcpuCount,
    hypervisor,
    ...(live && context.guestReport && { guestOnline: context.guestReport.online.length }),
    pendingVcpus: count('pending-removal', 'adding'),
    stuckVcpus: count('stuck'),
    refusedVcpus: count('refused'),
    ...(operationOpen && { operation: operation.id, operationSince: operation.createdAt }),
    rev,
  }
  const vm: Vm = {
    ...summary,
    ...(shown.description !== undefined && { description: shown.description }),
    domainType: shown.domainType,
    machine: shown.machine,
    ...(context.machineMaximum !== undefined && { machineVcpuMax: context.machineMaximum }),
    topology: { ...shown.topology, declared: shown.topologyDeclared },
    vcpusPerSocket: perSocket,
    vcpusPerUnit: hotplugUnitSize(shown.arch, shown.topology),
    socketsMinLive: minLiveSockets(facts),
    agent: live ? shown.agent : shown.agent === 'none' ? 'none' : 'disconnected',
    ...(snapshot.job !== undefined && { job: snapshot.job }),
    unplugAllowed: facts.settings.unplugDisabledBy === undefined,
    vcpus,
  }
  return live && context.load ? withLoad(vm, context.load) : vm
}

const SUMMARY_KEYS = [
  'uuid',
  'name',
  'title',
  'host',
  'hostName',
  'status',
  'stale',
  'guestOs',
  'arch',
  'persistent',
  'sockets',
  'vcpuCount',
  'vcpuMax',
  'socketsMax',
  'nextBootSockets',
  'nextBootVcpuCount',
  'wanted',
  'hypervisor',
  'guestOnline',
  'loadPercent',
  'pendingVcpus',
  'stuckVcpus',
  'refusedVcpus',
  'operation',
  'operationSince',
  'rev',
] as const satisfies readonly (keyof VmSummary)[]

/** The line of the fleet that belongs to a VM. */
export function summaryOf(vm: Vm): VmSummary {
  const summary: Partial<Record<keyof VmSummary, unknown>> = {}
  for (const key of SUMMARY_KEYS) if (vm[key] !== undefined) summary[key] = vm[key]
  return summary as VmSummary
}
