import { mayProceed, type VmFacts } from '@coreshift/shared'
import type { Actor, ResizePlan, ResizeRequest } from '@coreshift/shared/contract'
import type { AuditLog } from '../audit/audit-log.ts'
import type { Clock } from '../clock.ts'
import { Failure } from '../failure.ts'
import type { ResizeHooks } from '../hooks/resize-hooks.ts'
import type { VmReader } from '../inventory/inventory-ports.ts'
import type { VmHolds } from '../inventory/vm-holds.ts'
import type { SettingsDesk } from '../settings/settings-desk.ts'
import { choosePolicy, type ChosenPolicy } from './choose-policy.ts'
import type { Turn } from './engine/engine-io.ts'
import { openOperation } from './engine/open-operation.ts'
import { sayCount } from './engine/operation-sentence.ts'
import { openingOfMerge, presentMerge } from './merge-wish.ts'
import type { OperationRecord } from './operation-record.ts'
import type { OperationRunner } from './operation-runner.ts'
import { planResize, presentPlan, type WorkedPlan } from './plan-resize.ts'
import { guardShrink } from './shrink-guard.ts'

export interface ResizeOpenerDependencies {
  readonly clock: Clock
  readonly newId: () => string
  readonly vms: VmReader
  readonly runner: OperationRunner
  /** Shared with everybody who changes a VM's vCPUs or its stored definition. */
  readonly holds: VmHolds
  readonly audit: AuditLog
  readonly settings: SettingsDesk
  /** Asked before anything is opened; absent: nobody is asked. */
  readonly hooks?: Pick<ResizeHooks, 'before'>
}

/** One wish of one person. */
interface Wish {
  readonly vmUuid: string
  readonly request: ResizeRequest
  readonly actor: Actor
  readonly requestId?: string
  /** Id for the operation; default: a new one. */
  readonly operationId?: string
}

interface Worked {
  readonly facts: VmFacts
  readonly plan: WorkedPlan
  readonly warnings: readonly string[]
  /** The open operation that it takes the place of. */
  readonly open?: OperationRecord
}

/** Decides on requests: works them out on what is true now, and opens the operation or says why not. */
export class ResizeOpener {
  readonly #dependencies: ResizeOpenerDependencies

  constructor(dependencies: ResizeOpenerDependencies) {
    this.#dependencies = dependencies
  }

  /** The dry run. Throws `not-found`. */
  preview(vmUuid: string, request: ResizeRequest, expected: ResizePlan['expected']): ResizePlan {
    const { facts, plan, warnings, open } = this.#workOut(vmUuid, request, this.#named(vmUuid, request))
    const shown = presentPlan(facts, request, plan, expected)
    const all = [...(shown.warnings ?? []), ...warnings]
    return {
      ...shown,
      ...(all.length > 0 && { warnings: all }),
      policy: this.#policy(vmUuid, request),
      ...(open && plan.fates && { changeOfMind: presentMerge(open, plan.fates) }),
    }
  }

  /** Opens the operation. Throws `not-found`, `refused`, `stale-revision`. */
  request(wish: Wish): Promise<OperationRecord> {
    const { holds } = this.#dependencies
    this.#facts(wish.vmUuid)
    return holds.during(wish.vmUuid, 'Another resize of this VM is just being started.', () =>
      this.#open(wish),
    )
  }

  async #open(wish: Wish): Promise<OperationRecord> {
    const { vmUuid, request, actor } = wish
    const { runner } = this.#dependencies
    await this.#refresh(vmUuid)
    const worked = this.#workOut(vmUuid, request, this.#named(vmUuid, request))
    this.#refuseStale(worked.facts, request)
    if (!mayProceed(worked.plan.verdict)) throw await this.#refuse(wish, worked)
    await this.#askHooks(wish, worked)
    // Hooks, and an answer of libvirt that is waited for, take their time: what is opened fits what is true then.
    let refused: Worked | undefined
    const decide = (open: OperationRecord | undefined): Turn => {
      const now = this.#workOut(vmUuid, request, open)
      this.#refuseStale(now.facts, request)
      if (mayProceed(now.plan.verdict)) return this.#opening(wish, now)
      refused = now
      throw new Failure('refused', 'The VM changed meanwhile.')
    }
    try {
      const open = this.#named(vmUuid, request)
      return await (open ? runner.replace(open.id, actor, decide) : runner.open(decide(undefined)))
    } catch (error) {
      if (refused !== undefined) throw await this.#refuse(wish, refused)
      throw error
    }
  }

  /**
   * Has the `before-resize` hooks run.
   * @throws Failure `refused` with what the hook said
   */
  async #askHooks(wish: Wish, worked: Worked): Promise<void> {
    const { hooks, vms } = this.#dependencies
    const { vmUuid, request, actor } = wish
    const host = vms.hostOf(vmUuid)
    if (!hooks || !host) return
    const { facts, plan } = worked
    const why = await hooks.before({
      vm: vmUuid,
      vmName: facts.name,
      host: host.id,
      hostName: host.name,
      kind: plan.kind,
      mode: plan.kind === 'config' ? 'nextBoot' : request.mode,
      from: plan.from,
      to: plan.to,
      requestedBy: actor,
      addVcpus: plan.add,
      removeVcpus: plan.remove,
      ...(request.replaces !== undefined && { replaces: request.replaces }),
    })
    if (why !== undefined) {
      const reasons = [{ code: 'hook-refused' as const, message: why }]
      const refused = { ...worked, plan: { ...plan, verdict: { allowed: false, reasons } } }
      throw await this.#refuse(wish, refused)
    }
    await this.#refresh(vmUuid)
  }

  #workOut(vmUuid: string, request: ResizeRequest, open: OperationRecord | undefined): Worked {
    const { settings, vms } = this.#dependencies
    const facts = this.#facts(vmUuid)
    const plan = planResize(facts, request, open)
    const { shrinkGuard = 'warn' } = settings.current()
    const { verdict, warnings } = guardShrink(
      plan,
      vms.get(vmUuid)?.loadPercent,
      shrinkGuard,
      request.acknowledge,
    )
    return { facts, plan: { ...plan, verdict }, warnings, ...(open && { open }) }
  }

  #opening({ vmUuid, request, actor, requestId, operationId }: Wish, { facts, plan, open }: Worked): Turn {
    const { clock, newId, vms } = this.#dependencies
    const host = vms.hostOf(vmUuid)
    const snapshot = vms.snapshot(vmUuid)
    if (!host || !snapshot) throw new Failure('not-found', `There is no VM with the UUID ${vmUuid}.`)
    const at = clock.now()
    const merged = open && plan.fates && openingOfMerge(open, plan.kind, plan.fates, at)
    const { from: _from, ...policy } = this.#policy(vmUuid, request)
    // Many guests leave what is added offline; an agent that is there is asked unless the policy says no (R23).
    const agent = vms.get(vmUuid)?.agent === 'connected'
    return openOperation({
      id: operationId ?? newId(),
      at,
      vm: { uuid: vmUuid, name: facts.name },
      host,
      ...(snapshot.live && { machine: { host: snapshot.hostId, domainId: snapshot.domainId } }),
      requestedBy: actor,
      ...(requestId !== undefined && { requestId }),
      kind: plan.kind,
      mode: plan.kind === 'config' ? 'nextBoot' : request.mode,
      method: plan.method,
      from: plan.from,
      to: plan.to,
      vcpus: merged?.vcpus.map((vcpu) => vcpu.id) ?? (plan.kind === 'plug' ? plan.add : plan.remove),
      ...(plan.configTarget !== undefined && { configTarget: plan.configTarget }),
      ...(plan.configRemove && { configRemove: plan.configRemove }),
      ...(plan.configSocketsMax !== undefined && { configSocketsMax: plan.configSocketsMax }),
      configRemovable: plan.configRemovable,
      unitSize: facts.unitSize,
      policy: {
        ...policy,
        ...(plan.kind === 'plug' && agent && { bringOnline: policy.bringOnline ?? true }),
      },
      acknowledged: request.acknowledge ?? [],
      ...(request.replaces !== undefined && { replaces: request.replaces }),
      ...(merged && { merged }),
    })
  }

  /** The open operation, where the request names it. */
  #named(vmUuid: string, { replaces }: ResizeRequest): OperationRecord | undefined {
    const open = this.#dependencies.runner.openOf(vmUuid)
    return open !== undefined && open.id === replaces ? open : undefined
  }

  #refuseStale(facts: VmFacts, { rev }: ResizeRequest): void {
    if (rev === undefined || rev === facts.rev) return
    throw new Failure(
      'stale-revision',
      `${facts.name} changed since the plan was made (revision ${rev}, now ${facts.rev}). Look at it again.`,
    )
  }

  #facts(vmUuid: string): VmFacts {
    const facts = this.#dependencies.vms.facts(vmUuid)
    if (!facts) throw new Failure('not-found', `There is no VM with the UUID ${vmUuid}.`)
    return facts
  }

  /** Decide on what is true now; a host that cannot be asked is a reason that the rules give. */
  async #refresh(vmUuid: string): Promise<void> {
    try {
      await this.#dependencies.vms.reread(vmUuid)
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'host-offline') throw error
    }
  }

  #policy(vmUuid: string, request: ResizeRequest): ChosenPolicy {
    const { settings, vms } = this.#dependencies
    return choosePolicy(settings.current(), { vm: vmUuid, host: vms.hostOf(vmUuid)?.id }, request)
  }

  async #refuse({ vmUuid, actor, requestId }: Wish, { facts, plan }: Worked): Promise<Failure> {
    const { audit, clock, vms, runner } = this.#dependencies
    const { reasons } = plan.verdict
    const wish = `${actor.name} asked to resize ${facts.name} from ${plan.from.sockets} to ${sayCount(plan.to.sockets, 'socket')}`
    const because = reasons.map((reason) => reason.message).join(' ')
    const open = runner.openOf(vmUuid)
    await audit.append({
      at: new Date(clock.now()).toISOString(),
      actor,
      action: 'resize.refused',
      outcome: 'refused',
      vm: vmUuid,
      vmName: facts.name,
      host: vms.hostOf(vmUuid)?.id ?? '',
      message: `${wish}: refused. ${because}`,
      detail: { codes: reasons.map((reason) => reason.code), from: plan.from, to: plan.to },
      ...(requestId !== undefined && { requestId }),
    })
    return new Failure('refused', because, { reasons, ...(open && { operation: open.id }) })
  }
}
