import type { VmSummary } from '@coreshift/shared/contract'

/** One thing about a VM that a person may want to look at, most urgent first. */
export type Attention =
  | { readonly kind: 'stuck'; readonly count: number }
  | { readonly kind: 'refused'; readonly count: number }
  | { readonly kind: 'pending'; readonly count: number; readonly since: string | undefined }
  | { readonly kind: 'offline-in-guest'; readonly count: number }
  | { readonly kind: 'restart'; readonly from: number; readonly to: number }
  | { readonly kind: 'stale' }

export function attentionOf(vm: VmSummary): Attention[] {
  const list: Attention[] = []
  if (vm.stuckVcpus > 0) list.push({ kind: 'stuck', count: vm.stuckVcpus })
  if (vm.refusedVcpus > 0) list.push({ kind: 'refused', count: vm.refusedVcpus })
  if (vm.pendingVcpus > 0) list.push({ kind: 'pending', count: vm.pendingVcpus, since: vm.operationSince })
  // While something is under way the guest is expected to differ.
  if (vm.pendingVcpus === 0 && vm.guestOnline !== undefined && vm.guestOnline < vm.hypervisor) {
    list.push({ kind: 'offline-in-guest', count: vm.hypervisor - vm.guestOnline })
  }
  if (isRestartPending(vm))
    list.push({ kind: 'restart', from: vm.sockets, to: vm.nextBootSockets ?? vm.sockets })
  if (vm.stale) list.push({ kind: 'stale' })
  return list
}

export function isRestartPending(vm: VmSummary): boolean {
  return vm.nextBootSockets !== undefined && vm.nextBootSockets !== vm.sockets
}

/** How much a VM asks to be looked at; 0 = not at all. Larger comes first. */
export function attentionRank(vm: VmSummary): number {
  return (
    (vm.stuckVcpus > 0 ? 16 : 0) +
    (vm.refusedVcpus > 0 ? 8 : 0) +
    (vm.pendingVcpus > 0 ? 4 : 0) +
    (isRestartPending(vm) ? 2 : 0) +
    (vm.stale ? 1 : 0)
  )
}
