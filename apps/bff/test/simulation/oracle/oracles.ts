import type { FleetHost } from '@coreshift/demo-host'
import type { OperationRecord } from '../../../src/resize/operation-record.ts'
import type { Input, Turn } from '../../../src/resize/engine/engine-io.ts'
import type { FaultKind } from '../fault-kinds.ts'
import { ClaimOracle } from './claim-oracle.ts'
import { HostTruth } from './host-truth.ts'
import { IntentOracle } from './intent-oracle.ts'
import { RequestLog } from './request-log.ts'
import { StepOracle } from './step-oracle.ts'

/** Pause between two looks for what should have been told by now, ms. */
const SILENCE_LOOK_MS = 200

/** What people, guests and others do without keeping the server from seeing and telling it at once. */
const HARMLESS: ReadonlySet<FaultKind> = new Set<FaultKind>([
  'event-duplicate',
  'event-foreign',
  'guest-refuses',
  'guest-silent',
  'guest-late',
  'completion-held-back',
  'group-removal',
  'xml-changed',
  'session-revoked',
])

/** What holds up the packets that are under way, and lets them arrive after all. */
const HOLDING_UP: ReadonlySet<FaultKind> = new Set<FaultKind>([
  'event-late',
  'stall',
  'drip',
  'replica-pause',
])

interface OraclesOptions {
  readonly now: () => number
  /** The longest that a packet travels while nothing holds it up, ms. */
  readonly wireMs: number
  /** How far the server's clock is ahead of true time, ms. */
  readonly skewMs: () => number
  readonly fail: (error: unknown) => void
}

/** Everything that watches one simulation from outside the server: what is decided, told and asked, and what is so. */
export class Oracles {
  readonly truth: HostTruth
  readonly requests: RequestLog
  readonly #options: OraclesOptions
  readonly #steps = new StepOracle()
  readonly #intents: IntentOracle
  readonly #claims: ClaimOracle
  /** Sessions that the daemons opened for the server under test. */
  readonly #ourSessions = new Map<FleetHost, Set<number>>()
  #disturbedAt = 0
  #heldUpAt = Number.NEGATIVE_INFINITY
  #silenceAt = 0

  constructor(hosts: readonly FleetHost[], strike: (kind: FaultKind) => void, options: OraclesOptions) {
    const { now, wireMs, skewMs, fail } = options
    this.#options = options
    this.truth = new HostTruth(hosts, now)
    this.#intents = new IntentOracle(fail)
    this.#claims = new ClaimOracle({
      truth: this.truth,
      now,
      wireMs,
      skewMs,
      heldUpAt: () => this.#heldUpAt,
      disturbedAt: () => this.#disturbedAt,
      fail,
    })
    this.requests = new RequestLog(hosts, {
      isOurs: (host, session) => this.#ourSessions.get(host)?.has(session) === true,
      onOurs: (request) => this.#intents.arrived(request),
      onRefused: () => strike('libvirt-refuses'),
    })
  }

  stop(): void {
    this.truth.stop()
  }

  /** The server under test has opened a session. */
  opened(host: FleetHost, session: number): void {
    const ours = this.#ourSessions.get(host) ?? new Set()
    this.#ourSessions.set(host, ours.add(session))
  }

  struck(kind: FaultKind): void {
    if (HOLDING_UP.has(kind)) this.#heldUpAt = this.#options.now()
    if (!HARMLESS.has(kind)) this.disturbed()
  }

  /** Something keeps the server from seeing and telling at once. */
  disturbed(): void {
    this.#disturbedAt = this.#options.now()
  }

  /** The engine has made a step. Throws BrokenPromise. */
  stepped(before: OperationRecord, input: Input, turn: Turn): void {
    this.#steps.check(before, input, turn)
  }

  /** A version of an operation is stored: people are told so. */
  told(record: OperationRecord): void {
    this.truth.look()
    this.#intents.committed(record)
    this.#claims.committed(record)
  }

  /** Everything that was set off has been done: anything may have changed. */
  quiet(): void {
    this.truth.look()
    const now = this.#options.now()
    if (now - this.#silenceAt < SILENCE_LOOK_MS) return
    this.#silenceAt = now
    this.#claims.lookForSilence()
  }
}
