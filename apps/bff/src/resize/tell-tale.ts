import { isEnded } from '@coreshift/shared'
import type { Actor, LiveNotice, Operation } from '@coreshift/shared/contract'

/** Who is told. */
type Addressee = Pick<Actor, 'kind' | 'name'>
type Listener = (to: Addressee, notice: LiveNotice) => void

/**
 * Tells people of the operations that they asked to be told of: once when one is overdue, once when it ends. Who wants
 * to be told is stored with the operation; who is not connected at that moment is not told later.
 */
export class TellTale {
  readonly #listeners = new Set<Listener>()
  /** Open operations that somebody wants to be told of, and whether they were overdue. */
  readonly #overdue = new Map<string, boolean>()

  constructor(source: { onChange(listener: (operation: Operation) => void): () => void }) {
    source.onChange((operation) => this.#changed(operation))
  }

  onNotice(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #changed(operation: Operation): void {
    const { id, tell = [], overdue } = operation
    const wasOverdue = this.#overdue.get(id)
    if (tell.length === 0) {
      this.#overdue.delete(id)
      return
    }
    if (isEnded(operation.state)) {
      // A change after the end, such as a late removal, is in the record and no news of this kind.
      if (this.#overdue.delete(id)) this.#tell(operation, 'ended')
      return
    }
    this.#overdue.set(id, overdue)
    if (overdue && wasOverdue === false) this.#tell(operation, 'overdue')
  }

  #tell(operation: Operation, what: LiveNotice['what']): void {
    const { id, vm, vmName, state, sentence, tell = [] } = operation
    const notice: LiveNotice = { what, operation: id, vm, vmName, state, sentence }
    for (const to of tell) for (const listener of this.#listeners) listener(to, notice)
  }
}
