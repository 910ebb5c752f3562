import { hasLiveMachine, type PolicyPreset, type ResizeMode } from '@coreshift/shared'
import type { Operation, ResizePlan, ResizeRequestInput, Settings } from '@coreshift/shared/contract'
import type { SteadyVm } from '../steady-vm.ts'

/** What a person has chosen and not yet sent. */
export interface SocketsDraft {
  /** What stands in the field, sense or nonsense. */
  readonly text: string
  readonly mode: ResizeMode
  /** Absent: the default of the machine, its host or all. */
  readonly policy?: PolicyPreset
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
export function modesFor(vm: SteadyVm): readonly ResizeMode[] {
  if (!hasLiveMachine(vm.status)) return ['nextBoot']
  return vm.persistent ? ['both', 'live', 'nextBoot'] : ['live']
}

/**
 * The draft with what a person has changed of it. A mode that makes no sense any more, because the machine was switched
 * on or off since, gives way to the usual one.
 */
export function draftOf(vm: SteadyVm, edit: Partial<SocketsDraft>): SocketsDraft {
  const modes = modesFor(vm)
  const usual = modes[0] ?? 'live'
  return {
    text: String(wholeSockets(vm)),
    ...edit,
    mode: edit.mode && modes.includes(edit.mode) ? edit.mode : usual,
  }
}

/** The number the field starts with; a count that is no whole number of sockets is rounded down, at least 1. */
export function wholeSockets(vm: SteadyVm): number {
  return Math.max(1, Math.floor(vm.sockets))
}

/**
 * Whether sending the draft would change anything.
 * @param replaces the open resize that would give way: then everything but its own target is a change
 */
export function changesSomething(
  vm: SteadyVm,
  sockets: number,
  mode: ResizeMode,
  replaces?: Pick<Operation, 'to'>,
): boolean {
  if (replaces) return sockets !== replaces.to.sockets
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
  replaces: Pick<Operation, 'id'> | undefined,
): ResizeRequestInput {
  return {
    sockets,
    mode: draft.mode,
    ...(draft.policy ? { policy: draft.policy } : {}),
    ...(replaces ? { replaces: replaces.id } : {}),
  }
}

/** The policy of a request that names none, and whose default it is. */
export function defaultPolicy(
  settings: Settings | undefined,
  vm: Pick<SteadyVm, 'uuid' | 'host'>,
): { readonly preset: PolicyPreset; readonly from: 'vm' | 'host' | 'global' } {
  const ofVm = settings?.vmPolicies?.[vm.uuid]
  if (ofVm) return { preset: ofVm, from: 'vm' }
  const ofHost = settings?.hostPolicies?.[vm.host]
  if (ofHost) return { preset: ofHost, from: 'host' }
  return { preset: settings?.defaultPolicy ?? 'interactive', from: 'global' }
}

/**
 * Whether a plan that was made again says nothing new: it would do the same and warns of nothing that was not seen. The
 * figures in its remarks move with the guest's load, so only their words count.
 */
export function saysNothingNew(seen: ResizePlan, fresh: ResizePlan): boolean {
  const deed = ({ rev: _rev, expected: _expected, warnings: _warnings, ...plan }: ResizePlan) =>
    JSON.stringify({
      ...plan,
      reasons: plan.reasons.map((reason) => ({ ...reason, message: withoutFigures(reason.message) })),
    })
  const warned = new Set(seen.warnings?.map(withoutFigures))
  const isWarned = (warning: string) => warned.has(withoutFigures(warning))
  return deed(seen) === deed(fresh) && (fresh.warnings ?? []).every(isWarned)
}

const withoutFigures = (words: string) => words.replaceAll(/\d+(\.\d+)?/g, '#')

/**
 * Changes exactly when the verdicts on the sockets may change. The VM's revision would not do: it also moves with
 * every load figure, and each move would ask the server again.
 */
export function resizeFacts(vm: SteadyVm): string {
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
