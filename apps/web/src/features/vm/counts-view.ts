import { formatVcpuRanges, hasLiveMachine } from '@coreshift/shared'
import type { Operation } from '@coreshift/shared/contract'
import type { SteadyVm } from './steady-vm.ts'

export type CountsNote =
  | { readonly kind: 'guest-left-offline'; readonly ids: string }
  | { readonly kind: 'guest-fewer'; readonly count: number }
  | { readonly kind: 'next-boot'; readonly sockets: number; readonly vcpus: number }
  | { readonly kind: 'not-whole'; readonly vcpus: number; readonly perSocket: number }

interface CountsView {
  readonly hypervisorDiffers: boolean
  readonly guestDiffers: boolean
  readonly leaving: number
  readonly coming: number
  readonly notes: readonly CountsNote[]
}

/** Which of the three counts differ, and what there is to say about it. */
export function explainCounts(vm: SteadyVm, operation: Operation | undefined): CountsView {
  const isLive = hasLiveMachine(vm.status)
  const notes: CountsNote[] = []
  const guestDiffers = isLive && vm.guestOnline !== undefined && vm.guestOnline !== vm.hypervisor
  const offline = vm.vcpus.filter((vcpu) => vcpu.state === 'guest-offline').map((vcpu) => vcpu.id)
  if (isLive && !operation) {
    if (offline.length > 0) notes.push({ kind: 'guest-left-offline', ids: formatVcpuRanges(offline) })
    else if (guestDiffers && vm.guestOnline !== undefined && vm.guestOnline < vm.hypervisor) {
      notes.push({ kind: 'guest-fewer', count: vm.hypervisor - vm.guestOnline })
    }
  }
  if (isLive && vm.hypervisor % vm.vcpusPerSocket !== 0) {
    notes.push({ kind: 'not-whole', vcpus: vm.hypervisor, perSocket: vm.vcpusPerSocket })
  }
  if (vm.nextBootSockets !== undefined && vm.nextBootSockets !== vm.sockets) {
    notes.push({ kind: 'next-boot', sockets: vm.nextBootSockets, vcpus: vm.nextBootVcpuCount ?? 0 })
  }
  return {
    hypervisorDiffers: isLive && vm.hypervisor !== vm.wanted,
    guestDiffers,
    leaving: vm.vcpus.filter((vcpu) => vcpu.state === 'pending-removal' || vcpu.state === 'stuck').length,
    coming: vm.vcpus.filter((vcpu) => vcpu.state === 'adding').length,
    notes,
  }
}
