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

/**
 * Whether the host would have to share its CPUs; said beside a value where the setting is to warn only.
 * @returns a sentence, or `undefined` when nothing is to be said
 */
export function hostCpuWarning(facts: VmFacts, vcpus: number): string | undefined {
  if (facts.settings.hostCpuLimit !== 'warn' || vcpus <= facts.host.cpus) return undefined
  return `The host has ${counted(facts.host.cpus, 'CPU')}; ${counted(vcpus, 'vCPU')} have to share them.`
}
