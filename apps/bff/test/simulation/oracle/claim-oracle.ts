import { isOpen, unitOf } from '@coreshift/shared'
import { BrokenPromise } from '../../../src/resize/engine/testing/promises.ts'
import type { OperationRecord } from '../../../src/resize/operation-record.ts'
import type { HostTruth } from './host-truth.ts'

/** Time from the host's truth to what is told, while nothing disturbs: a few reads, or one turn of the statistics, ms. */
const PROMPT_MS = 2_500
/** The longest that something holds up a packet, ms: a paused server behind a stalled connection. */
const HELD_UP_MS = 15_000
/** A disturbance may still be at work for so long: the longest stall, and a reconnect, ms. */
const AFTERMATH_MS = 90_000

interface Claimed {
  record: OperationRecord
  /** True time of what each vCPU's claim was last changed by; a store in trouble tells it later. */
  readonly changedAt: Map<number, number>
  readonly openedAt: number
  /**
   * From when on the guest was asked for each vCPU: by this operation, or by the one whose place it took and with whose
   * requests it goes on (R21). What the guest says to those is still under way when it opens.
   */
  readonly askedSince: ReadonlyMap<number, number>
  /** True time at which its first request counted as answered, and at which the guest was last asked. */
  pendingAt: number | undefined
  askedAt: number
  /** When a person last had it asked again: what the guest had said to the request before is answered by that. */
  retriedAt: number
}

interface ClaimOracleOptions {
  readonly truth: HostTruth
  readonly now: () => number
  /**
   * The longest that a report travels from the host, ms: what the guest said to somebody else just before an opening may
   * be heard just after it, and nobody can tell whose request it was about.
   */
  readonly wireMs: number
  /** How far the server's clock is ahead of true time, ms. */
  readonly skewMs: () => number
  /** When something last held up what is under way. */
  readonly heldUpAt: () => number
  /** When something last disturbed server, wire, host or machine. */
  readonly disturbedAt: () => number
  readonly fail: (error: unknown) => void
}

/**
 * What is told to people about each vCPU, held against what the host's truth was: nothing is claimed before it is so,
 * and in undisturbed times what is so is claimed soon, and a deadline is kept to the second.
 */
export class ClaimOracle {
  readonly #options: ClaimOracleOptions
  readonly #claims = new Map<string, Claimed>()

  constructor(options: ClaimOracleOptions) {
    this.#options = options
  }

  /** A version of an operation was stored: from now on people are told so. */
  committed(record: OperationRecord): void {
    const { now, skewMs, truth } = this.#options
    truth.look()
    const at = now()
    const known = this.#claims.get(record.id)
    if (!known) {
      const changedAt = new Map(record.vcpus.map(({ id }) => [id, at]))
      const askedSince = this.#askedSince(record, at)
      this.#claims.set(record.id, {
        record,
        changedAt,
        openedAt: at,
        askedSince,
        pendingAt: undefined,
        askedAt: at,
        retriedAt: at,
      })
      return
    }
    record.vcpus.forEach((vcpu, index) => {
      const before = known.record.vcpus[index]?.state
      if (vcpu.state === before) return
      this.#checkClaim(known, record, vcpu, known.changedAt.get(vcpu.id) ?? known.openedAt)
      known.changedAt.set(vcpu.id, Math.min(at, Date.parse(vcpu.since) - skewMs()))
    })
    if (record.state !== 'submitting') known.pendingAt ??= at
    if (record.attempts > known.record.attempts || known.pendingAt === at) known.askedAt = at
    if (retriesOf(record) > retriesOf(known.record)) known.retriedAt = at
    if (record.overdue && !known.record.overdue) this.#checkOverdue(known, record)
    known.record = record
  }

  #askedSince(record: OperationRecord, openedAt: number): Map<number, number> {
    const before = record.replaces === undefined ? undefined : this.#claims.get(record.replaces)
    const goesOn = new Set(record.memory.asked)
    return new Map(
      record.vcpus.map(({ id }) => [
        id,
        (goesOn.has(id) ? before?.askedSince.get(id) : undefined) ?? openedAt,
      ]),
    )
  }

  #checkClaim(
    { openedAt, askedSince }: Claimed,
    record: OperationRecord,
    { id, state }: OperationRecord['vcpus'][number],
    since: number,
  ): void {
    const { truth } = this.#options
    if (state === 'removed' && !truth.wasMissing(record.vm, id, since)) {
      this.#broken(record, `vCPU ${id} is called removed, and was there all the time since it was asked for`)
    }
    if ((state === 'present' || state === 'guest-offline') && !truth.wasThere(record.vm, id, since)) {
      this.#broken(record, `vCPU ${id} is called ${state}, and was missing all the time`)
    }
    if (state === 'refused') {
      const refusedAt = truth.refusedAt(record.vm, unitOf(id, record.memory.unitSize))
      const asked = askedSince.get(id) ?? openedAt
      if (refusedAt === undefined || refusedAt < asked - this.#underWayMs(refusedAt)) {
        this.#broken(record, `vCPU ${id} is called refused, and the guest never said so`)
      }
    }
  }

  /** How long a report of that time may have been under way. */
  #underWayMs(reportedAt: number): number {
    const { heldUpAt, wireMs } = this.#options
    return heldUpAt() >= reportedAt - HELD_UP_MS ? HELD_UP_MS : wireMs
  }

  #checkOverdue({ pendingAt, openedAt }: Claimed, record: OperationRecord): void {
    // A database that takes its time stores the beginning late, and the deadline in time.
    if (openedAt < this.#options.disturbedAt() + AFTERMATH_MS) return
    const waited = this.#options.now() - (pendingAt ?? openedAt)
    if (waited < record.policy.deadlineMs) {
      this.#broken(record, `is called overdue after ${waited} ms of ${record.policy.deadlineMs} ms`)
    }
  }

  /** What is true and should have been told by now. Called again and again. */
  lookForSilence(): void {
    const { now, disturbedAt } = this.#options
    const quietSince = disturbedAt() + AFTERMATH_MS
    for (const claimed of this.#claims.values()) {
      if (isOpen(claimed.record.state) && claimed.openedAt >= quietSince) this.#checkPrompt(claimed, now())
    }
  }

  #checkPrompt(claimed: Claimed, now: number): void {
    const { record, pendingAt, askedAt, retriedAt, changedAt, openedAt } = claimed
    const { truth } = this.#options
    if (record.kind !== 'unplug' || pendingAt === undefined || record.memory.draining === true) return
    for (const { id, state, addBack } of record.vcpus) {
      if (state !== 'pending-removal' && state !== 'stuck') continue
      const since = Math.max(changedAt.get(id) ?? openedAt, pendingAt)
      const gone = truth.missingSince(record.vm, id)
      if (gone !== undefined && now - Math.max(gone, since) > PROMPT_MS) {
        this.#broken(record, `vCPU ${id} went ${now - gone} ms ago, and nobody was told`)
      }
      const refused = truth.refusedAt(record.vm, unitOf(id, record.memory.unitSize))
      const unanswered = refused !== undefined && refused > Math.max(since, retriedAt)
      if (gone === undefined && unanswered && now - refused > PROMPT_MS) {
        this.#broken(record, `vCPU ${id} was refused ${now - refused} ms ago, and nobody was told`)
      }
      // One that is wanted again may stay for ever: nobody waits for it to go.
      if (addBack === true) continue
      const waited = now - askedAt
      const longest = Math.max(record.policy.deadlineMs, record.policy.maxDeadlineMs)
      if (gone === undefined && !record.overdue && waited > longest + PROMPT_MS) {
        this.#broken(record, `vCPU ${id} is out for ${waited} ms, and is not called overdue`)
      }
    }
  }

  #broken(record: OperationRecord, what: string): void {
    this.#options.fail(
      new BrokenPromise(`told: operation ${record.id} (${record.kind}, ${record.state}): ${what}`),
    )
  }
}

function retriesOf({ timeline }: OperationRecord): number {
  return timeline.filter(({ what }) => what === 'retry').length
}
