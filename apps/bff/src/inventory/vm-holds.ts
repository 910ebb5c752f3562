import { Failure } from '../failure.ts'

/**
 * Keeps changes of one VM's vCPUs apart while they are decided and, where the stored definition is rewritten, made: a
 * resize that is being opened and a preparation would each build on facts that the other is about to change.
 */
export class VmHolds {
  /** VM to what is being done, as a sentence. */
  readonly #held = new Map<string, string>()

  /**
   * Does the work while nobody else holds the VM.
   * @param what said to whoever comes meanwhile, as a sentence
   * @throws Failure `refused` with `resize-in-progress` when somebody holds it
   */
  async during<T>(vmUuid: string, what: string, work: () => Promise<T>): Promise<T> {
    const message = this.#held.get(vmUuid)
    if (message !== undefined) {
      throw new Failure('refused', message, {
        reasons: [{ code: 'resize-in-progress', message, unlock: ['wait-for-resize'] }],
      })
    }
    this.#held.set(vmUuid, what)
    try {
      return await work()
    } finally {
      this.#held.delete(vmUuid)
    }
  }
}
