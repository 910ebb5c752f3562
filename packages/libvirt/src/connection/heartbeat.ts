/** What a heartbeat needs from its connection. */
interface HeartbeatPort {
  sendPing(): void
  /**
   * With as many calls in flight as the daemon takes it stops reading, pings included (12.8.0): then silence says
   * nothing about the daemon.
   */
  isDeaf(): boolean
  lost(message: string): void
}

interface HeartbeatLimits {
  /** Time between two ticks. */
  readonly intervalMs: number
  /** So many pings may stay unanswered. */
  readonly count: number
  /** A daemon that is deaf and silent for longer is taken for gone. */
  readonly deafMs: number
}

/** Finds a daemon that is gone although the socket says nothing. Owns no clock: `tick` is called every `intervalMs`. */
export class Heartbeat {
  readonly #port: HeartbeatPort
  readonly #limits: HeartbeatLimits
  #heard = true
  #unanswered = 0
  #deafTicks = 0

  constructor(port: HeartbeatPort, limits: HeartbeatLimits) {
    this.#port = port
    this.#limits = limits
  }

  /** Anything arrived: any packet proves life. */
  received(): void {
    this.#heard = true
  }

  /** One interval has passed. */
  tick(): void {
    if (this.#heard) {
      this.#heard = false
      this.#unanswered = 0
      this.#deafTicks = 0
      return
    }
    const { intervalMs, count, deafMs } = this.#limits
    if (this.#port.isDeaf()) {
      this.#unanswered = 0
      this.#deafTicks++
      if (this.#deafTicks * intervalMs >= deafMs) {
        this.#port.lost(
          `all calls in flight and nothing heard for ${this.#deafTicks * intervalMs} ms (deafMs)`,
        )
      }
      return
    }
    this.#deafTicks = 0
    if (this.#unanswered >= count) {
      this.#port.lost(`${count} keepalive pings stayed unanswered, ${intervalMs} ms apart`)
      return
    }
    this.#unanswered++
    this.#port.sendPing()
  }
}
