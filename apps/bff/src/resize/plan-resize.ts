import {
  formatVcpuRanges,
  hostCpuWarning,
  judgeSockets,
  platformSupport,
  selectChosenVcpus,
  selectVcpusForCount,
  vcpusPerSocket,
  type OperationKind,
  type SocketsVerdict,
  type SocketsWish,
  type VmFacts,
} from '@coreshift/shared'
import type { ResizePlan, ResizeRequest } from '@coreshift/shared/contract'
import { sayChangeOfMind, type Fates } from './engine/change-of-mind.ts'
import { sayCount } from './engine/operation-sentence.ts'
import { giveUpLive, isMergeable, mergeWish } from './merge-wish.ts'
import type { OperationRecord } from './operation-record.ts'

/** A request worked out against one state of a VM: what it would do, and why not if it may not. */
export interface WorkedPlan {
  readonly kind: OperationKind
  readonly method: 'count' | 'ids'
  readonly from: { readonly sockets: number; readonly vcpus: number }
  readonly to: { readonly sockets: number; readonly vcpus: number }
  readonly add: readonly number[]
  readonly remove: readonly number[]
  readonly configTarget?: number
  /** vCPUs that the stored definition is to lose, where they were chosen. */
  readonly configRemove?: readonly number[]
  /** Sockets that the stored definition is to have room for, where it has not: only while the VM is down. */
  readonly configSocketsMax?: number
  /** Whether what is added to the stored definition can be removed live after that boot. */
  readonly configRemovable: boolean
  readonly verdict: SocketsVerdict
  /** What becomes of the open operation that it takes the place of. */
  readonly fates?: Fates
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

/**
 * Works a request out. Pure; nothing is decided here that `judgeSockets` does not know.
 * @param open the open operation that the request names in `replaces`
 */
export function planResize(facts: VmFacts, request: ResizeRequest, open?: OperationRecord): WorkedPlan {
  const wish =
    request.removeVcpus === undefined
      ? { sockets: request.sockets ?? 0 }
      : { removeVcpus: request.removeVcpus }
  const verdict = judgeSockets(facts, wish, request.mode, {
    ...(request.acknowledge && { acknowledged: request.acknowledge }),
    ...(request.replaces !== undefined && { replaces: request.replaces }),
  })
  const shown = facts.live ?? facts.config
  const perSocket = shown ? vcpusPerSocket(shown.topology) : 1
  const storedPerSocket = facts.config ? vcpusPerSocket(facts.config.topology) : perSocket
  const present = shown ? shown.vcpus.filter((vcpu) => vcpu.enabled).length : 0
  const target =
    wish.removeVcpus === undefined ? wish.sockets * perSocket : present - new Set(wish.removeVcpus).size
  const from = { sockets: round(present / perSocket), vcpus: present }
  const to = { sockets: round(target / perSocket), vcpus: target }
  const base = {
    from,
    to,
    verdict,
    method: wish.removeVcpus === undefined ? ('count' as const) : ('ids' as const),
    // A machine without CPU hot-plug does not start with a vCPU that is to be plugged.
    configRemovable: platformSupport(facts.arch, facts.machine)?.plug !== false,
  }
  const config = request.mode === 'live' ? {} : storedWish(facts, wish, storedPerSocket)
  if (request.mode === 'nextBoot' || facts.live === undefined) {
    const stored = facts.config ? facts.config.vcpus.filter((vcpu) => vcpu.enabled).length : present
    const next = config.configTarget ?? target
    return {
      ...base,
      ...(isMergeable(open) && { fates: giveUpLive(open, facts.live) }),
      kind: 'config',
      from: { sockets: round(stored / storedPerSocket), vcpus: stored },
      to: { sockets: round(next / storedPerSocket), vcpus: next },
      add: [],
      remove: [],
      ...config,
    }
  }
  if (isMergeable(open)) {
    const { kind, target: merged, fates } = mergeWish(facts.live, facts, wish, perSocket, open)
    return {
      ...base,
      kind,
      method: 'ids',
      to: { sockets: round(merged / perSocket), vcpus: merged },
      add: [...fates.addBack, ...fates.addToo].sort((a, b) => a - b),
      remove: [...fates.committed, ...fates.removeToo].sort((a, b) => a - b),
      fates,
      ...config,
    }
  }
  const selection =
    wish.removeVcpus === undefined
      ? selectVcpusForCount(facts.live, facts.unitSize, target)
      : selectChosenVcpus(facts.live, facts.unitSize, wish.removeVcpus)
  return {
    ...base,
    kind: target < present ? 'unplug' : 'plug',
    add: selection.ok ? selection.add : [],
    remove: selection.ok ? selection.remove : [],
    ...config,
  }
}

/** What the stored definition is to have. */
function storedWish(
  { config, status }: VmFacts,
  wish: SocketsWish,
  perSocket: number,
): Pick<WorkedPlan, 'configTarget' | 'configRemove' | 'configSocketsMax'> {
  if (wish.removeVcpus === undefined) {
    const configTarget = wish.sockets * perSocket
    const needsRoom = status === 'down' && config !== undefined && configTarget > config.maximum
    return { configTarget, ...(needsRoom && { configSocketsMax: wish.sockets }) }
  }
  const stored = (config?.vcpus ?? []).filter((vcpu) => vcpu.enabled).map((vcpu) => vcpu.id)
  const configRemove = [...new Set(wish.removeVcpus)].sort((a, b) => a - b)
  return { configTarget: stored.filter((id) => !configRemove.includes(id)).length, configRemove }
}

/** The plan as the dry run shows it. */
export function presentPlan(
  facts: VmFacts,
  request: ResizeRequest,
  plan: WorkedPlan,
  expected: ResizePlan['expected'],
): ResizePlan {
  const now: string[] = plan.fates ? sayChangeOfMind(plan.fates) : []
  if (plan.kind !== 'config' && now.length === 0) {
    if (plan.add.length > 0) now.push(`adds vCPU ${formatVcpuRanges(plan.add)}`)
    if (plan.remove.length > 0) now.push(`removes vCPU ${formatVcpuRanges(plan.remove)}`)
    if (plan.add.length + plan.remove.length === 0) now.push('changes nothing')
  }
  const hostCpus = hostCpuWarning(facts)
  return {
    vm: facts.uuid,
    rev: facts.rev,
    kind: plan.kind,
    from: plan.from,
    to: plan.to,
    allowed: plan.verdict.allowed,
    reasons: plan.verdict.reasons,
    ...(plan.verdict.acknowledge && { acknowledge: plan.verdict.acknowledge }),
    ...(hostCpus?.exceededBy(plan.to.vcpus) === true &&
      plan.to.vcpus > plan.from.vcpus && { warnings: [hostCpus.message] }),
    now,
    afterRestart: afterRestart(facts, plan),
    addVcpus: [...plan.add],
    removeVcpus: [...plan.remove],
    ...(expected && { expected }),
  }
}

function afterRestart(facts: VmFacts, plan: WorkedPlan): string[] {
  if (!facts.config) return ['not applicable: the VM has no stored definition and ends with its machine']
  const perSocket = vcpusPerSocket(facts.config.topology)
  const stored = plan.configTarget ?? facts.config.vcpus.filter((vcpu) => vcpu.enabled).length
  const count = `${sayCount(round(stored / perSocket), 'socket')} (${sayCount(stored, 'vCPU')})`
  if (plan.configSocketsMax === undefined) return [count]
  const room = Math.floor(facts.config.maximum / perSocket)
  return [count, `room for ${sayCount(plan.configSocketsMax, 'socket')} instead of ${room}`]
}
