import { vcpusPerSocket, type CpuTopology } from '../cpu-topology.ts'
import { counted } from '../sockets-rules/sockets-refusal.ts'
import type { VmFacts } from '../sockets-rules/vm-facts.ts'
import { presentVcpus } from '../sockets-rules/whole-sockets.ts'

/** What preparing looks at beside the facts of the sockets rules. */
export interface PreparationFacts {
  readonly vm: VmFacts
  /** The machine runs under QEMU's software emulation (domain type `qemu`). */
  readonly emulated: boolean
  /** Guest NUMA cells in the stored definition. */
  readonly numaCells: number
}

/** Something that speaks for a ceiling, and the ceiling it speaks for. */
export interface CeilingBound {
  readonly socketsMax: number
  /** Why this many, in a sentence. */
  readonly why: string
}

export interface CeilingProposal extends CeilingBound {
  /** Everything that was weighed, the tightest first. */
  readonly bounds: readonly CeilingBound[]
}

/** The ceiling is planned at this many times today's count. */
const GROWTH = 2

/**
 * Room for growth: about twice today's count, not above what host, machine type and guest edition take, and
 * never below what the VM has or already has room for. A host recommends one vCPU for each of its CPUs, as KVM does
 * (KVM_CAP_NR_VCPUS is the number of online CPUs).
 * @param topology shape of the sockets to count in
 */
export function proposeCeiling({ vm }: PreparationFacts, topology: CpuTopology): CeilingProposal {
  const perSocket = vcpusPerSocket(topology)
  const sockets = (vcpus: number) => Math.floor(vcpus / perSocket)
  const definition = vm.live ?? vm.config
  const today = definition ? Math.max(1, Math.ceil(presentVcpus(definition) / perSocket)) : 1
  const { machineMaximum, cpus } = vm.host
  const { socketsMax: editionMaximum } = vm.guest
  const bounds: CeilingBound[] = [
    { socketsMax: GROWTH * today, why: `Twice today's ${counted(today, 'socket')}.` },
    { socketsMax: sockets(cpus), why: `The host recommends at most ${counted(cpus, 'vCPU')} for one VM.` },
  ]
  if (machineMaximum !== undefined) {
    const why = `Machine type ${vm.machine} takes at most ${counted(machineMaximum, 'vCPU')}.`
    bounds.push({ socketsMax: sockets(machineMaximum), why })
  }
  if (editionMaximum !== undefined) {
    const why = `${vm.guest.name} uses at most ${counted(editionMaximum, 'socket')}.`
    bounds.push({ socketsMax: editionMaximum, why })
  }
  bounds.sort((a, b) => a.socketsMax - b.socketsMax)
  const [tightest = { socketsMax: today, why: '' }] = bounds
  const room = vm.config ? sockets(vm.config.maximum) : 0
  if (vm.config && room >= Math.max(today, tightest.socketsMax)) {
    const why = `The definition already has room for ${counted(room, 'socket')}.`
    return { socketsMax: room, why, bounds }
  }
  return { socketsMax: Math.max(today, tightest.socketsMax), why: tightest.why, bounds }
}
