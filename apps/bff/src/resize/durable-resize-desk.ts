import { isOpen, mayProceed, socketsOptions } from '@coreshift/shared'
import type { Actor, Operation, ResizePlan, ResizeRequest, SocketsOptions } from '@coreshift/shared/contract'
import type { AuditLog } from '../audit/audit-log.ts'
import type { Clock } from '../clock.ts'
import { Failure } from '../failure.ts'
import type { VmReader } from '../inventory/inventory-ports.ts'
import type { VmHolds } from '../inventory/vm-holds.ts'
import type { SettingsDesk } from '../settings/settings-desk.ts'
import { choosePolicy, type ChosenPolicy } from './choose-policy.ts'
import { openOperation } from './engine/open-operation.ts'
import { sayCount } from './engine/operation-sentence.ts'
import { toOperation } from './operation-record.ts'
import type { OperationRunner } from './operation-runner.ts'
import type { OperationStore } from './operation-store.ts'
import { planResize, presentPlan, type WorkedPlan } from './plan-resize.ts'
import { expectFromHistory } from './removal-history.ts'
import type { ResizeDesk } from './resize-desk.ts'

/** Earlier operations of a VM that its expected wait is made from, and that its list shows. */
const HISTORY_LIMIT = 100

export interface ResizeDeskDependencies {
  readonly clock: Clock
  readonly newId: () => string
  readonly vms: VmReader
  readonly store: OperationStore
  readonly runner: OperationRunner
  /** Shared with everybody who changes a VM's vCPUs or its stored definition. */
  readonly holds: VmHolds
  readonly audit: AuditLog
  readonly settings: SettingsDesk
}

export class DurableResizeDesk implements ResizeDesk {
  readonly #dependencies: ResizeDeskDependencies
  /** VMs whose new operation is on its way into the store. */
  readonly #opening = new Set<string>()

  constructor(dependencies: ResizeDeskDependencies) {
    this.#dependencies = dependencies
  }

  options(vmUuid: string): SocketsOptions {
    const facts = this.#facts(vmUuid)
    return { vm: vmUuid, rev: facts.rev, options: socketsOptions(facts) }
  }

  async plan(vmUuid: string, request: ResizeRequest): Promise<ResizePlan> {
    const facts = this.#facts(vmUuid)
    const plan = planResize(facts, request)
    const expected = expectFromHistory(await this.listForVm(vmUuid))
    return { ...presentPlan(facts, request, plan, expected), policy: this.#policy(vmUuid, request) }
  }

  async request(
    vmUuid: string,
    request: ResizeRequest,
    actor: Actor,
    requestId?: string,
  ): Promise<Operation> {
    const { runner, clock, newId, holds } = this.#dependencies
    this.#facts(vmUuid)
    const { from: _from, ...policy } = this.#policy(vmUuid, request)
    return holds.during(vmUuid, 'Another resize of this VM is just being started.', async () => {
      await this.#refresh(vmUuid)
      const facts = this.#facts(vmUuid)
      if (request.rev !== undefined && request.rev !== facts.rev) {
        throw new Failure(
          'stale-revision',
          `${facts.name} changed since the plan was made (revision ${request.rev}, now ${facts.rev}). Look at it again.`,
        )
      }
      const plan = planResize(facts, request)
      if (!mayProceed(plan.verdict)) throw await this.#refuse(vmUuid, facts.name, plan, actor, requestId)
      const replaced = request.replaces === undefined ? undefined : runner.get(request.replaces)
      if (replaced && isOpen(replaced.state)) {
        await runner.feedAndWait(replaced.id, { type: 'abandon', at: clock.now(), by: actor })
      }
      const host = this.#dependencies.vms.hostOf(vmUuid)
      const snapshot = this.#dependencies.vms.snapshot(vmUuid)
      if (!host || !snapshot) throw new Failure('not-found', `There is no VM with the UUID ${vmUuid}.`)
      const record = await runner.open(
        openOperation({
          id: newId(),
          at: clock.now(),
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
          vcpus: plan.kind === 'plug' ? plan.add : plan.remove,
          ...(plan.configTarget !== undefined && { configTarget: plan.configTarget }),
          ...(plan.configRemove && { configRemove: plan.configRemove }),
          ...(plan.configSocketsMax !== undefined && { configSocketsMax: plan.configSocketsMax }),
          configRemovable: plan.configRemovable,
          unitSize: facts.unitSize,
          policy,
          acknowledged: request.acknowledge ?? [],
          ...(request.replaces !== undefined && { replaces: request.replaces }),
        }),
      )
      return toOperation(record)
    })
  }

  get(operationId: string): Operation | undefined {
    const record = this.#dependencies.runner.get(operationId)
    return record && toOperation(record)
  }

  async listForVm(vmUuid: string): Promise<Operation[]> {
    return (await this.#dependencies.store.listForVm(vmUuid, HISTORY_LIMIT)).map(toOperation)
  }

  listOpen(): Operation[] {
    return [...this.#dependencies.runner.openRecords()]
      .sort((a, b) => a.createdAt.localeCompare(b.createdAt))
      .map(toOperation)
  }

  retry(operationId: string, actor: Actor): Promise<Operation> {
    return this.#act(
      operationId,
      'retry',
      actor,
      'There is nothing to ask again: no vCPU of this operation is waited for.',
    )
  }

  abandon(operationId: string, actor: Actor): Promise<Operation> {
    return this.#act(operationId, 'abandon', actor, 'This operation has ended already.')
  }

  onChange(listener: (operation: Operation) => void): () => void {
    return this.#dependencies.runner.onChange(listener)
  }

  async #act(operationId: string, type: 'retry' | 'abandon', by: Actor, nothing: string): Promise<Operation> {
    const { runner, clock } = this.#dependencies
    const before = runner.get(operationId)
    if (!before) throw new Failure('not-found', `There is no operation with the id ${operationId}.`)
    const attempts = before.attempts
    const after = await runner.feedAndWait(operationId, { type, at: clock.now(), by })
    const acted =
      after &&
      (type === 'retry' ? after.attempts > attempts : isOpen(before.state) && after.state === 'abandoned')
    if (!acted) throw new Failure('conflict', nothing)
    return toOperation(after)
  }

  #facts(vmUuid: string) {
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

  async #refuse(
    vmUuid: string,
    name: string,
    plan: WorkedPlan,
    actor: Actor,
    requestId: string | undefined,
  ): Promise<Failure> {
    const { audit, clock, vms, runner } = this.#dependencies
    const { reasons } = plan.verdict
    const wish = `${actor.name} asked to resize ${name} from ${plan.from.sockets} to ${sayCount(plan.to.sockets, 'socket')}`
    const because = reasons.map((reason) => reason.message).join(' ')
    const open = runner.openOf(vmUuid)
    await audit.append({
      at: new Date(clock.now()).toISOString(),
      actor,
      action: 'resize.refused',
      outcome: 'refused',
      vm: vmUuid,
      vmName: name,
      host: vms.hostOf(vmUuid)?.id ?? '',
      message: `${wish}: refused. ${because}`,
      detail: { codes: reasons.map((reason) => reason.code), from: plan.from, to: plan.to },
      ...(requestId !== undefined && { requestId }),
    })
    return new Failure('refused', because, { reasons, ...(open && { operation: open.id }) })
  }
}
