import { hasLiveMachine, type PolicyPreset, type ResizeMode } from '@coreshift/shared'
import type { ResizeRequestInput, Vm } from '@coreshift/shared/contract'

/** What a person has chosen and not yet sent. `text` is what stands in the field, sense or nonsense. */
export interface SocketsDraft {
  readonly text: string
  readonly mode: ResizeMode
  readonly policy: PolicyPreset
  readonly acknowledged: boolean
}

export type DraftValue =
  | { readonly kind: 'sockets'; readonly sockets: number }
  | { readonly kind: 'not-a-number' }
  | { readonly kind: 'too-many' }

/** Reads the field: whole numbers from 1 to the maximum, in plain digits. */
export function readDraft(text: string, socketsMax: number): DraftValue {
  const trimmed = text.trim()
  if (!/^\d{1,6}$/.test(trimmed)) return { kind: 'not-a-number' }
  const sockets = Number(trimmed)
  if (sockets < 1) return { kind: 'not-a-number' }
  return sockets > socketsMax ? { kind: 'too-many' } : { kind: 'sockets', sockets }
}

/** Modes that make sense for this machine, the usual one first. */
export function modesFor(vm: Vm): readonly ResizeMode[] {
  if (!hasLiveMachine(vm.status)) return ['nextBoot']
  return vm.persistent ? ['both', 'live', 'nextBoot'] : ['live']
}

export function freshDraft(vm: Vm, policy: PolicyPreset): SocketsDraft {
  return {
    text: String(wholeSockets(vm)),
    mode: modesFor(vm)[0] ?? 'live',
    policy,
    acknowledged: false,
  }
}

/** The number the field starts with; a count that is no whole number of sockets is rounded down, at least 1. */
export function wholeSockets(vm: Vm): number {
  return Math.max(1, Math.floor(vm.sockets))
}

/** Whether sending the draft would change anything. */
export function changesSomething(vm: Vm, sockets: number, mode: ResizeMode): boolean {
  const live = sockets !== vm.sockets
  const nextBoot = sockets !== (vm.nextBootSockets ?? vm.sockets)
  switch (mode) {
    case 'live':
      return live
    case 'nextBoot':
      return nextBoot
    case 'both':
      return live || nextBoot
  }
}

export function requestOf(
  draft: SocketsDraft,
  sockets: number,
  replaces: string | undefined,
): ResizeRequestInput {
  return {
    sockets,
    mode: draft.mode,
    policy: draft.policy,
    ...(draft.acknowledged ? { acknowledge: ['unverified-guest-os' as const] } : {}),
    ...(replaces ? { replaces } : {}),
  }
}

/**
 * Changes exactly when the verdicts on the sockets may change. The VM's revision would not do: it also moves with
 * every load figure, and each move would ask the server again.
 */
export function resizeFacts(vm: Vm): string {
  let present = 0
  let hotpluggable = 0
  let pinned = 0
  for (const vcpu of vm.vcpus) {
    if (vcpu.state !== 'absent' && vcpu.state !== 'removed' && vcpu.state !== 'adding') present += 1
    if (vcpu.hotpluggable) hotpluggable += 1
    if (vcpu.pinning !== undefined) pinned += 1
  }
  return [
    vm.status,
    vm.stale,
    vm.job,
    vm.operation,
    vm.vcpuMax,
    vm.nextBootVcpuCount,
    vm.guestOs.row,
    vm.guestOs.plug,
    vm.guestOs.unplug,
    vm.unplugAllowed,
    vm.persistent,
    vm.agent,
    present,
    hotpluggable,
    pinned,
  ].join(' ')
}
