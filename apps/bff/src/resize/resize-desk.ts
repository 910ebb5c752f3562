import type { OperationPage } from './operation-store.ts'
import type {
  Actor,
  LiveNotice,
  Operation,
  ResizePlan,
  ResizeRequest,
  SocketsOptions,
} from '@coreshift/shared/contract'

/** What the doors may ask of the resize engine. Refusals are thrown as `Failure('refused', …, {reasons})`. */
export interface ResizeDesk {
  /**
   * Verdict for every number of sockets from 1 to the maximum, as an object that is never changed: new verdicts come in
   * a new one. Throws `not-found`.
   */
  options(vmUuid: string): SocketsOptions
  /** The dry run: what a request would do, and why not if it may not. Throws `not-found`. */
  plan(vmUuid: string, request: ResizeRequest, actor: Actor): Promise<ResizePlan>
  /**
   * Stores and starts an operation; returns once it is durable, long before the guest let go.
   * Throws `not-found`, `refused` (with every reason), `stale-revision`.
   */
  request(
    vmUuid: string,
    request: ResizeRequest,
    actor: Actor,
    requestId?: string,
    operationId?: string,
  ): Promise<Operation>
  /** An operation that is at hand: every open one, and the newest that ended. */
  get(operationId: string): Operation | undefined
  /** Any operation that was ever stored. */
  find(operationId: string): Promise<Operation | undefined>
  /** Newest first, from there on; default: the newest 100. */
  listForVm(vmUuid: string, page?: OperationPage): Promise<Operation[]>
  /** Everything that is open, oldest first. */
  listOpen(): Operation[]
  /** Asks the guest again now. Throws `conflict` when there is nothing to ask. */
  retry(operationId: string, actor: Actor): Promise<Operation>
  /** Stops waiting; a completion that comes later is still recorded. Throws `conflict` when it has ended. */
  abandon(operationId: string, actor: Actor): Promise<Operation>
  /**
   * Has a person told, by `onNotice`, when the operation is overdue and when it ends, or not any more. Throws
   * `conflict` when it has ended.
   */
  tell(operationId: string, actor: Actor, on: boolean): Promise<Operation>
  /** Called after an operation was created or changed. */
  onChange(listener: (operation: Operation) => void): () => void
  /** Called with what a person asked to be told. */
  onNotice(listener: (to: Pick<Actor, 'kind' | 'name'>, notice: LiveNotice) => void): () => void
}
