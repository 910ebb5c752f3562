import { vcpusPerSocket, type CpuTopology } from '../cpu-topology.ts'
import { counted } from '../sockets-rules/sockets-refusal.ts'
import type { VmFacts } from '../sockets-rules/vm-facts.ts'
import { presentVcpus } from '../sockets-rules/whole-sockets.ts'

/** What preparing looks at beside the facts of the sockets rules. */
export interface PreparationFacts {
  readonly vm: VmFacts
  /** vCPUs that the host recommends at most for one VM. Default: its number of CPUs. */
  readonly recommendedMaximum?: number
  /** The machine runs under QEMU's software emulation (domain type `qemu`). */
  readonly emulated: boolean
  /** Guest NUMA cells in the stored definition. */
  readonly numaCells: number
}

export interface CeilingProposal {
  readonly socketsMax: number
  /** Why this many, in a sentence. */
  readonly why: string
}

/** The ceiling is planned at this many times today's count. */
const GROWTH = 2

/**
 * Room for growth: about twice today's count, not above what host, machine type and guest edition take, and
 * never below what the VM has or already has room for.
 * @param topology shape of the sockets to count in
 */
export function proposeCeiling(facts: PreparationFacts, topology: CpuTopology): CeilingProposal {
  const { vm } = facts
  const perSocket = vcpusPerSocket(topology)
  const sockets = (vcpus: number) => Math.floor(vcpus / perSocket)
  const definition = vm.live ?? vm.config
  const today = definition ? Math.max(1, Math.ceil(presentVcpus(definition) / perSocket)) : 1
  const recommended = facts.recommendedMaximum ?? vm.host.cpus
  const bounds = [
    { socketsMax: GROWTH * today, why: `Twice today's ${counted(today, 'socket')}.` },
    {
      socketsMax: sockets(recommended),
      why: `The host recommends at most ${counted(recommended, 'vCPU')} for one VM.`,
    },
    ...(vm.host.machineMaximum === undefined
      ? []
      : [
          {
            socketsMax: sockets(vm.host.machineMaximum),
            why: `Machine type ${vm.machine} takes at most ${counted(vm.host.machineMaximum, 'vCPU')}.`,
          },
        ]),
    ...(vm.guest.socketsMax === undefined
      ? []
      : [
          {
            socketsMax: vm.guest.socketsMax,
            why: `${vm.guest.name} uses at most ${counted(vm.guest.socketsMax, 'socket')}.`,
          },
        ]),
  ]
  const tightest = bounds.reduce((least, bound) => (bound.socketsMax < least.socketsMax ? bound : least))
  const room = vm.config ? sockets(vm.config.maximum) : 0
  if (vm.config && room >= Math.max(today, tightest.socketsMax)) {
    return {
      socketsMax: room,
      why: `The definition already has room for ${counted(room, 'socket')}.`,
    }
  }
  return { socketsMax: Math.max(today, tightest.socketsMax), why: tightest.why }
}
