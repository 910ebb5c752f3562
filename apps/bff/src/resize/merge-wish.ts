import {
  isOpen,
  selectChosenVcpus,
  selectVcpusForCount,
  unitOf,
  type DefinitionFacts,
  type SocketsWish,
  type VmFacts,
} from '@coreshift/shared'
import type { ChangeOfMind } from '@coreshift/shared/contract'
import {
  askedAndOut,
  changeMind,
  onTheirWay,
  sayChangeOfMind,
  takeOver,
  type Fates,
} from './engine/change-of-mind.ts'
import type { OpeningFacts } from './engine/open-operation.ts'
import type { OperationRecord } from './operation-record.ts'

/** A wish worked out on top of what an open operation asked for (R21). */
interface MergedWish {
  readonly kind: 'plug' | 'unplug'
  /** vCPUs that the machine is to have. */
  readonly target: number
  readonly fates: Fates
}

const enabledIds = ({ vcpus }: DefinitionFacts): number[] =>
  vcpus.filter((vcpu) => vcpu.enabled).map((vcpu) => vcpu.id)

function withEnabled(live: DefinitionFacts, ids: readonly number[], enabled: boolean): DefinitionFacts {
  return { ...live, vcpus: live.vcpus.map((vcpu) => (ids.includes(vcpu.id) ? { ...vcpu, enabled } : vcpu)) }
}

/** Whether there is anything of the running machine to merge with. */
export function isMergeable(open: OperationRecord | undefined): open is OperationRecord {
  return open !== undefined && isOpen(open.state) && open.kind !== 'config'
}

/**
 * Works a live wish out on top of an open operation. What libvirt was asked to add counts as there. Of the vCPUs that
 * are to go by number, those that the guest was asked for already go first.
 */
export function mergeWish(
  live: DefinitionFacts,
  { unitSize }: Pick<VmFacts, 'unitSize'>,
  wish: SocketsWish,
  perSocket: number,
  open: OperationRecord,
): MergedWish {
  const enabled = enabledIds(live)
  const machine = withEnabled(live, onTheirWay(open), true)
  const present = enabledIds(machine)
  const { target, gone, added } =
    wish.removeVcpus === undefined
      ? byNumber(machine, unitSize, wish.sockets * perSocket, askedAndOut(open))
      : byChoice(machine, unitSize, wish.removeVcpus)
  const wanted = new Set([...present, ...added])
  for (const id of gone) wanted.delete(id)
  return {
    kind: target < present.length ? 'unplug' : 'plug',
    target,
    fates: changeMind(open, wanted, new Set(enabled)),
  }
}

interface Move {
  readonly target: number
  readonly gone: readonly number[]
  readonly added: readonly number[]
}

function byChoice(machine: DefinitionFacts, unitSize: number, ids: readonly number[]): Move {
  const selection = selectChosenVcpus(machine, unitSize, ids)
  const target = enabledIds(machine).length - new Set(ids).size
  return { target, gone: selection.ok ? selection.remove : [], added: [] }
}

function byNumber(machine: DefinitionFacts, unitSize: number, target: number, out: readonly number[]): Move {
  const leaving: number[] = []
  let count = enabledIds(machine).length
  for (const unit of [...new Set(out.map((id) => unitOf(id, unitSize)))].sort((a, b) => b - a)) {
    const members = out.filter((id) => unitOf(id, unitSize) === unit)
    if (count - members.length < target) continue
    leaving.push(...members)
    count -= members.length
  }
  const selection = selectVcpusForCount(withEnabled(machine, leaving, false), unitSize, target)
  if (!selection.ok) return { target, gone: leaving, added: [] }
  // With nothing left to remove libvirt's choice would add back what was just chosen to leave.
  return { target, gone: [...leaving, ...selection.remove], added: count < target ? selection.add : [] }
}

/** What becomes of an open live resize when only the next boot is wanted: it is given up, nothing new is asked for. */
export function giveUpLive(open: OperationRecord, live: DefinitionFacts | undefined): Fates {
  const enabled = new Set(live ? enabledIds(live) : [])
  const out = askedAndOut(open).filter((id) => enabled.has(id))
  const untouched = open.vcpus.filter((vcpu) => vcpu.attempts === 0 && !out.includes(vcpu.id))
  return {
    avoidable: untouched.map((vcpu) => vcpu.id),
    committed: out,
    addBackIfGone: [],
    addBack: [],
    removeToo: [],
    addToo: [],
  }
}

/** The merge as people see it. */
export function presentMerge(open: OperationRecord, fates: Fates): ChangeOfMind {
  return {
    replaces: open.id,
    requestedBy: open.requestedBy.name,
    since: open.createdAt,
    ...fates,
    sentences: sayChangeOfMind(fates),
  }
}

/** What the newer operation has to know of the one that gives way. */
export function openingOfMerge(
  open: OperationRecord,
  kind: OperationRecord['kind'],
  fates: Fates,
  at: number,
): NonNullable<OpeningFacts['merged']> {
  const { drained = [], draining } = open.memory
  const asked = askedAndOut(open)
  return {
    vcpus: kind === 'config' ? [] : takeOver(open, kind, fates, new Date(at).toISOString()),
    changeOfMind: presentMerge(open, fates),
    asked: kind === 'config' ? [] : asked,
    // An answer that is still out may say so later.
    drained: draining === true ? open.vcpus.map((vcpu) => vcpu.id) : drained,
  }
}
