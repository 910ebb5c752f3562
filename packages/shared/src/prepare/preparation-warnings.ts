import { counted } from '../sockets-rules/sockets-refusal.ts'
import type { DefinitionFacts } from '../sockets-rules/vm-facts.ts'
import { presentVcpus, socketsMaximum } from '../sockets-rules/whole-sockets.ts'
import type { PreparationFacts } from './ceiling.ts'

export const PREPARATION_WARNINGS = [
  'above-recommended',
  'guest-edition',
  'guest-memory',
  'cannot-shrink',
  'interrupt-remapping',
  'guest-32-bit',
  'numa-cells',
  'emulation-limit',
] as const
export type PreparationWarningCode = (typeof PREPARATION_WARNINGS)[number]

/** Something to know before preparing; nothing that forbids it. */
export interface PreparationWarning {
  readonly code: PreparationWarningCode
  readonly message: string
}

/** What an x86 Linux kernel sets aside for each CPU it might get ("percpu: Embedded … pages/cpu"), KiB. */
const GUEST_KIB_PER_SLOT = 256
/** Slots from which the guest's memory for them is worth a sentence. */
const SLOTS_WORTH_A_WARNING = 64
/** x86: interrupts reach no further CPU without interrupt remapping (x2APIC ids). */
const X86_WITHOUT_REMAPPING = 255
/** 32-bit Linux takes no more (VirtualBox manual, CPU hot-plugging). */
const VCPUS_32_BIT = 8

/** What room for vCPUs costs while they are not there. The host pays for a vCPU only once it is plugged. */
export interface CeilingCost {
  readonly emptySlots: number
  /** What a Linux guest sets aside for them, about. */
  readonly guestMemoryMib: number
}

export function ceilingCost(to: DefinitionFacts): CeilingCost {
  const emptySlots = to.maximum - presentVcpus(to)
  return { emptySlots, guestMemoryMib: Math.ceil((emptySlots * GUEST_KIB_PER_SLOT) / 1024) }
}

/** Risks of a definition that is to be stored. */
export function preparationWarnings(
  facts: PreparationFacts,
  to: DefinitionFacts,
  shrink: { readonly removable: boolean; readonly canShrink: boolean },
): PreparationWarning[] {
  const { vm } = facts
  const warnings: PreparationWarning[] = []
  const warn = (code: PreparationWarningCode, message: string) => warnings.push({ code, message })
  const slots = counted(to.maximum, 'vCPU')
  const recommended = vm.host.cpus
  const grows = to.maximum > (vm.config?.maximum ?? 0)
  if (grows && to.maximum > recommended) {
    warn('above-recommended', `The host recommends at most ${counted(recommended, 'vCPU')} for one VM.`)
  }
  const { socketsMax } = vm.guest
  if (socketsMax !== undefined && socketsMaximum(to) > socketsMax) {
    warn('guest-edition', `${vm.guest.name} uses at most ${counted(socketsMax, 'socket')}.`)
  }
  const { emptySlots, guestMemoryMib } = ceilingCost(to)
  if (grows && emptySlots >= SLOTS_WORTH_A_WARNING) {
    warn(
      'guest-memory',
      `The ${emptySlots} empty slots cost a Linux guest about ${guestMemoryMib} MiB of memory.`,
    )
  }
  if (shrink.removable && !shrink.canShrink) {
    warn(
      'cannot-shrink',
      'This machine or its guest gives no vCPU back, so marking vCPUs removable changes nothing.',
    )
  }
  const is64BitX86 = vm.arch === 'x86_64'
  if (is64BitX86 && to.maximum > X86_WITHOUT_REMAPPING) {
    warn(
      'interrupt-remapping',
      `${slots} need a virtual IOMMU with interrupt remapping; without one the guest uses ${X86_WITHOUT_REMAPPING}.`,
    )
  }
  if (vm.arch === 'i686' && to.maximum > VCPUS_32_BIT) {
    warn('guest-32-bit', `A 32-bit guest uses at most ${VCPUS_32_BIT} vCPUs.`)
  }
  if (grows && facts.numaCells > 0) {
    // libvirt 12.8.0: vCPUs that no cell names are added to cell 0 when the definition is stored.
    warn('numa-cells', 'libvirt puts the new slots into NUMA cell 0.')
  }
  if (facts.emulated) {
    warn(
      'emulation-limit',
      `Under software emulation the VM can create ${slots} in its life: each plug uses one up, also one that was removed before, and one more ends QEMU.`,
    )
  }
  return warnings
}
