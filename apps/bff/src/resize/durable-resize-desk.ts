import { isOpen } from '@coreshift/shared'
import type {
  Actor,
  LiveNotice,
  Operation,
  ResizePlan,
  ResizeRequest,
  SocketsOptions,
} from '@coreshift/shared/contract'
import { Failure } from '../failure.ts'
import { KeptOptions } from './kept-options.ts'
import { toOperation, type OperationRecord } from './operation-record.ts'
import type { OperationPage, OperationStore } from './operation-store.ts'
import { expectFromHistory } from './removal-history.ts'
import type { ResizeDesk } from './resize-desk.ts'
import { ResizeOpener, type ResizeOpenerDependencies } from './resize-opener.ts'
import { TellTale } from './tell-tale.ts'

/** Earlier operations of a VM that its expected wait is made from. */
const HISTORY_LIMIT = 100

interface ResizeDeskDependencies extends ResizeOpenerDependencies {
  readonly store: OperationStore
}

export class DurableResizeDesk implements ResizeDesk {
  readonly #dependencies: ResizeDeskDependencies
  readonly #opener: ResizeOpener
  readonly #tellTale: TellTale
  readonly #options = new KeptOptions()

  constructor(dependencies: ResizeDeskDependencies) {
    this.#dependencies = dependencies
    this.#opener = new ResizeOpener(dependencies)
    this.#tellTale = new TellTale(dependencies.runner)
  }

  options(vmUuid: string): SocketsOptions {
    const facts = this.#dependencies.vms.facts(vmUuid)
    if (!facts) throw new Failure('not-found', `There is no VM with the UUID ${vmUuid}.`)
    return this.#options.of(facts)
  }

  async plan(vmUuid: string, request: ResizeRequest): Promise<ResizePlan> {
    const expected = expectFromHistory(await this.listForVm(vmUuid))
    return this.#opener.preview(vmUuid, request, expected)
  }

  async request(
    vmUuid: string,
    request: ResizeRequest,
    actor: Actor,
    requestId?: string,
    operationId?: string,
  ): Promise<Operation> {
    const wish = {
      vmUuid,
      request,
      actor,
      ...(requestId !== undefined && { requestId }),
      ...(operationId !== undefined && { operationId }),
    }
    return toOperation(await this.#opener.request(wish))
  }

  get(operationId: string): Operation | undefined {
    const record = this.#dependencies.runner.get(operationId)
    return record && toOperation(record)
  }

  async find(operationId: string): Promise<Operation | undefined> {
    const record = await this.#find(operationId)
    return record && toOperation(record)
  }

  async listForVm(vmUuid: string, page: OperationPage = { limit: HISTORY_LIMIT }): Promise<Operation[]> {
    return (await this.#dependencies.store.listForVm(vmUuid, page)).map(toOperation)
  }

  listOpen(): Operation[] {
    return [...this.#dependencies.runner.openRecords()]
      .sort((a, b) => a.createdAt.localeCompare(b.createdAt))
      .map(toOperation)
  }

  async retry(operationId: string, actor: Actor): Promise<Operation> {
    const before = await this.#existing(operationId)
    const after = await this.#feed(operationId, 'retry', actor)
    if (after && after.attempts > before.attempts) return toOperation(after)
    throw new Failure('conflict', 'There is nothing to ask again: no vCPU of this operation is waited for.')
  }

  async abandon(operationId: string, actor: Actor): Promise<Operation> {
    const before = await this.#existing(operationId)
    const after = await this.#feed(operationId, 'abandon', actor)
    if (after && isOpen(before.state) && after.state === 'abandoned') return toOperation(after)
    throw new Failure('conflict', 'This operation has ended already.')
  }

  async tell(operationId: string, actor: Actor, on: boolean): Promise<Operation> {
    const { runner, clock } = this.#dependencies
    const before = await this.#existing(operationId)
    const input = { type: 'tell' as const, at: clock.now(), by: actor, on }
    const after = (await runner.feedAndWait(operationId, input)) ?? before
    const told = (after.tell ?? []).some((one) => one.kind === actor.kind && one.name === actor.name)
    if (on === told) return toOperation(after)
    throw new Failure(
      'conflict',
      isOpen(after.state)
        ? 'Too many people are to be told of this operation already.'
        : 'This operation has ended already: there is nothing more to tell.',
    )
  }

  onChange(listener: (operation: Operation) => void): () => void {
    return this.#dependencies.runner.onChange(listener)
  }

  onNotice(listener: (to: Pick<Actor, 'kind' | 'name'>, notice: LiveNotice) => void): () => void {
    return this.#tellTale.onNotice(listener)
  }

  #feed(operationId: string, type: 'retry' | 'abandon', by: Actor): Promise<OperationRecord | undefined> {
    const { runner, clock } = this.#dependencies
    return runner.feedAndWait(operationId, { type, at: clock.now(), by })
  }

  /** Older ones than are at hand are in the store. */
  async #find(operationId: string): Promise<OperationRecord | undefined> {
    const { runner, store } = this.#dependencies
    return runner.get(operationId) ?? (await store.get(operationId))
  }

  async #existing(operationId: string): Promise<OperationRecord> {
    const record = await this.#find(operationId)
    if (!record) throw new Failure('not-found', `There is no resize ${operationId}.`)
    return record
  }
}
