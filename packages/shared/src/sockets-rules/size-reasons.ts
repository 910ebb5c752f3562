import { guestInWords } from './direction-reasons.ts'
import { counted, refusal, type SocketsRefusal } from './sockets-refusal.ts'
import type { VmFacts } from './vm-facts.ts'

export const NO_SOCKET_LEFT: SocketsRefusal = refusal('below-minimum', 'A VM keeps at least 1 socket.')

/** Limits of machine type, host and guest edition, each with the size from which it applies. */
export interface SizeLimit {
  readonly reason: SocketsRefusal
  exceededBy(sockets: number, vcpus: number): boolean
}

/**
 * Limits that growing meets, whether now or at the next boot. A VM that already is above one of them may
 * shrink, so they are asked only for values above the present one.
 */
export function growthLimits(facts: VmFacts): SizeLimit[] {
  const limits: SizeLimit[] = []
  const { machineMaximum, cpus } = facts.host
  if (machineMaximum !== undefined) {
    limits.push({
      reason: refusal(
        'host-maximum',
        `Machine type ${facts.machine} takes at most ${counted(machineMaximum, 'vCPU')}.`,
      ),
      exceededBy: (_sockets, vcpus) => vcpus > machineMaximum,
    })
  }
  if (facts.settings.hostCpuLimit === 'enforce') {
    limits.push({
      reason: refusal('host-maximum', `The host has ${counted(cpus, 'CPU')}.`),
      exceededBy: (_sockets, vcpus) => vcpus > cpus,
    })
  }
  const { socketsMax } = facts.guest
  if (socketsMax !== undefined) {
    const guest = guestInWords(facts)
    limits.push({
      reason: refusal('above-maximum', `${guest} uses at most ${counted(socketsMax, 'socket')}.`, {
        unlock: ['set-guest-os'],
      }),
      exceededBy: (sockets) => sockets > socketsMax,
    })
  }
  return limits
}

/** Something to know before choosing a size, with the size from which it holds. */
export interface SizeWarning {
  readonly message: string
  exceededBy(vcpus: number): boolean
}

/**
 * That the host's CPUs would have to be shared, where the setting says to warn of it and not to refuse it. More vCPUs
 * than that is also more than KVM recommends: its KVM_CAP_NR_VCPUS is the host's number of online CPUs.
 */
export function hostCpuWarning({ host, settings }: VmFacts): SizeWarning | undefined {
  if (settings.hostCpuLimit !== 'warn') return undefined
  const { cpus } = host
  return {
    message: `The host has ${counted(cpus, 'CPU')}; more vCPUs than that take turns on them.`,
    exceededBy: (vcpus) => vcpus > cpus,
  }
}
