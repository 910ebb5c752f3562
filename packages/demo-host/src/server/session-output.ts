import type { Clock } from '../time/clock.ts'
import type { FaultScript, OutgoingPacket } from '../faults/fault-script.ts'

/** What a session writes to: a socket, or the other end of a memory transport. */
export interface ByteSink {
  write(bytes: Buffer): void
  /** Ends the stream after what was written. */
  end(): void
  /** Ends it at once. */
  destroy(): void
}

/** What the first bytes of a spoiled packet become: a length that no packet can have. */
const IMPOSSIBLE_LENGTH = 0xffff_fff0

/** Sends the packets of one session, and does to them what the fault script says. */
export class SessionOutput {
  readonly #sink: ByteSink
  readonly #clock: Clock
  readonly #script: FaultScript
  readonly #session: number
  #waiting: Buffer[] = []
  #blocked = false
  #closed = false
  /** Replies held until an event has gone out. */
  #held: Buffer[] = []

  constructor(sink: ByteSink, clock: Clock, script: FaultScript, session: number) {
    this.#sink = sink
    this.#clock = clock
    this.#script = script
    this.#session = session
  }

  send(packet: Omit<OutgoingPacket, 'session'>, bytes: Buffer): void {
    if (this.#closed) return
    const fault = this.#script.take({ ...packet, session: this.#session })
    switch (fault?.kind) {
      case undefined:
        this.#put(bytes)
        break
      case 'lose':
        return
      case 'duplicate':
        this.#put(bytes)
        this.#put(bytes)
        break
      case 'delay':
        this.#clock.setTimer(fault.ms, () => this.#put(bytes))
        return
      case 'after-event':
        this.#held.push(bytes)
        this.#clock.setTimer(fault.atMostMs, () => this.#releaseHeld())
        return
      case 'cut':
        this.#put(bytes.subarray(0, fault.afterBytes))
        this.destroy()
        return
      case 'drip':
        this.#drip(bytes, fault.bytes, fault.everyMs)
        break
      case 'stall':
        this.#put(bytes)
        this.stall(fault.ms)
        break
      case 'malform':
        this.#put(spoiled(bytes, fault.what, packet.kind === 'event'))
        break
    }
    if (packet.kind === 'event') this.#releaseHeld()
  }

  /** Sends nothing for a while; what comes meanwhile waits. */
  stall(ms: number): void {
    this.#blocked = true
    this.#clock.setTimer(ms, () => this.#unblock())
  }

  /** Ends the stream after what was written. */
  end(): void {
    if (this.#closed) return
    this.#closed = true
    this.#sink.end()
  }

  destroy(): void {
    if (this.#closed) return
    this.#closed = true
    this.#sink.destroy()
  }

  #put(bytes: Buffer): void {
    if (this.#closed || bytes.length === 0) return
    if (this.#blocked) this.#waiting.push(bytes)
    else this.#sink.write(bytes)
  }

  #unblock(): void {
    this.#blocked = false
    const waiting = this.#waiting
    this.#waiting = []
    for (const bytes of waiting) this.#put(bytes)
  }

  #releaseHeld(): void {
    const held = this.#held
    this.#held = []
    for (const bytes of held) this.#put(bytes)
  }

  #drip(bytes: Buffer, size: number, everyMs: number): void {
    this.#blocked = true
    let at = 0
    const next = (): void => {
      if (this.#closed) return
      this.#sink.write(bytes.subarray(at, at + size))
      at += size
      if (at >= bytes.length) this.#unblock()
      else this.#clock.setTimer(everyMs, next)
    }
    next()
  }
}

/** Length of a packet's header; an event's callback id follows it and is left whole, so that the event finds its reader. */
const HEADER_BYTES = 28
const CALLBACK_ID_BYTES = 4

function spoiled(bytes: Buffer, what: 'length' | 'payload', event: boolean): Buffer {
  const copy = Buffer.from(bytes)
  if (what === 'length') copy.writeUInt32BE(IMPOSSIBLE_LENGTH, 0)
  else copy.fill(0xff, Math.min(HEADER_BYTES + (event ? CALLBACK_ID_BYTES : 0), copy.length))
  return copy
}
