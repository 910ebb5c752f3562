/** Where a server can be killed. */
export const CRASH_POINTS = [
  /** The decision is made and not yet stored. */
  'before-commit',
  /** It is stored, and nothing of it was done. */
  'after-commit',
  /** A request to libvirt is about to leave. */
  'before-send',
  /** libvirt has the request, its answer is on the way. */
  'after-send',
  /** The answer is here and nobody has read it. */
  'answer-unread',
  /** An event is here and nobody has read it. */
  'event-unread',
  /** A read of the VM has come back half. */
  'during-read',
  'before-config-write',
  'after-config-write',
  /** A resize is decided and not stored: whoever asked gets no answer. */
  'before-opening',
  /** It is stored; the first request was not sent. */
  'after-opening',
  'before-closing',
  'after-closing',
  'before-audit-entry',
  'after-audit-entry',
  /** The server has just read what was open when it starts. */
  'while-starting',
  /** The host is connected and its VMs are being listed. */
  'while-connecting',
] as const
export type CrashPoint = (typeof CRASH_POINTS)[number]

/** What happens at a crash point. */
export type CrashKind = 'kill' | 'fail'

/** Kills at the n-th time that a point, or any point, is reached, or lets what happens there fail. */
export class CrashPlan {
  readonly #kill: () => void
  readonly #fail: (point: CrashPoint) => void
  #armed: { readonly point: CrashPoint | 'any'; readonly kind: CrashKind; left: number } | undefined
  /** Points reached since the start. */
  reached = 0

  constructor(kill: () => void, fail: (point: CrashPoint) => void) {
    this.#kill = kill
    this.#fail = fail
  }

  /** @param nth 1 = the next time */
  arm(point: CrashPoint | 'any', nth: number, kind: CrashKind = 'kill'): void {
    this.#armed = { point, kind, left: nth }
  }

  disarm(): void {
    this.#armed = undefined
  }

  get armed(): boolean {
    return this.#armed !== undefined
  }

  /** @returns whether the server was killed here */
  at(point: CrashPoint): boolean {
    this.reached += 1
    const armed = this.#armed
    if (armed === undefined || (armed.point !== 'any' && armed.point !== point)) return false
    armed.left -= 1
    if (armed.left > 0) return false
    this.#armed = undefined
    if (armed.kind === 'fail') {
      this.#fail(point)
      return false
    }
    this.#kill()
    return true
  }
}
