import type { Clock, Timer } from '../time/clock.ts'

/** libvirtd's defaults: a ping after 5 s of silence, five pings, then the socket is closed. */
const INTERVAL_MS = 5000
const COUNT = 5

/** The daemon's side of keepalive. It starts when the client says that it answers pings (feature 10). */
export class ServerKeepalive {
  readonly #clock: Clock
  readonly #does: { ping: () => void; lost: () => void }
  #timer: Timer | null = null
  #unanswered = 0
  #heardAt = 0

  constructor(clock: Clock, does: { ping: () => void; lost: () => void }) {
    this.#clock = clock
    this.#does = does
  }

  start(): void {
    if (this.#timer !== null) return
    this.#heardAt = this.#clock.now()
    this.#arm(INTERVAL_MS)
  }

  /** Any packet from the client starts the wait anew. */
  heard(): void {
    this.#heardAt = this.#clock.now()
    this.#unanswered = 0
  }

  stop(): void {
    this.#timer?.cancel()
    this.#timer = null
  }

  #arm(ms: number): void {
    this.#timer = this.#clock.setTimer(ms, () => this.#tick())
  }

  #tick(): void {
    const silentMs = this.#clock.now() - this.#heardAt
    const due = INTERVAL_MS * (this.#unanswered + 1)
    if (silentMs < due) return this.#arm(due - silentMs)
    if (this.#unanswered >= COUNT) {
      this.#timer = null
      return this.#does.lost()
    }
    this.#unanswered++
    this.#does.ping()
    this.#arm(INTERVAL_MS)
  }
}
