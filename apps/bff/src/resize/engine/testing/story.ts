import type { AuditDraft } from '../../../audit/audit-log.ts'
import type { OperationRecord } from '../../operation-record.ts'
import type { Effect, Input, Observation, Turn, VcpuCall } from '../engine-io.ts'
import { START } from './open-example.ts'
import { BrokenPromise, checkStep, newLedger, type Advance, type Ledger } from './promises.ts'

type InputWithoutTime = Input extends infer T ? (T extends Input ? Omit<T, 'at'> : never) : never

/** Longer than any story: an engine that needs more does not come to rest. */
const STEPS = 2000

/** Tells an operation's life step by step; every step is checked against all promises. */
export class Story {
  record: OperationRecord
  readonly audit: AuditDraft[]
  /** Effects of the last step. */
  effects: readonly Effect[] = []
  at = START
  readonly #advance: Advance
  readonly #ledger: Ledger
  #steps = 0

  constructor(advance: Advance, opening: Turn) {
    this.#advance = advance
    this.record = opening.record
    this.audit = [...opening.audit]
    this.#ledger = newLedger(opening)
  }

  /** Lets time pass. */
  after(ms: number): this {
    this.at += ms
    return this
  }

  feed(input: InputWithoutTime): this {
    this.#steps += 1
    if (this.#steps > STEPS) throw new BrokenPromise('R20: the engine does not come to rest')
    const complete = { ...input, at: this.at } as Input
    const turn = this.#advance(this.record, complete)
    checkStep(this.#ledger, this.record, complete, turn)
    // What is stored is JSON: nothing else may survive a step.
    this.record =
      turn.record === this.record ? this.record : (JSON.parse(JSON.stringify(turn.record)) as OperationRecord)
    this.effects = turn.effects
    this.audit.push(...turn.audit)
    return this
  }

  begin(): this {
    return this.feed({ type: 'begin' })
  }

  accepted(waited?: boolean): this {
    return this.feed({ type: 'accepted', attempt: this.record.attempts, ...(waited === true && { waited }) })
  }

  /** A re-read that begins and ends now. */
  sees(enabled: readonly number[], more: Partial<Observation> = {}): this {
    return this.feed({
      type: 'observed',
      observation: {
        readAt: this.at,
        presence: 'running',
        machine: { host: 'host-1', domainId: 7 },
        enabled: new Set(enabled),
        ...more,
      },
    })
  }

  event(vcpu: number): this {
    return this.feed({ type: 'vcpu-removed', vcpu })
  }

  refusal(unit: number): this {
    return this.feed({ type: 'removal-failed', unit, alias: `vcpu${unit}` })
  }

  /** Time goes on until the operation's deadline, and the timer fires. */
  deadline(): this {
    this.at = Math.max(this.at, Date.parse(this.record.deadlineAt ?? ''))
    return this.feed({ type: 'timer' })
  }

  /** The server is killed after the last step and starts again; the host is connected a second later. */
  restart(): this {
    this.after(5000).feed({ type: 'resume' })
    return this.after(1000).feed({ type: 'host-back' })
  }

  /** State of each vCPU, e.g. `4:removed 5:removed`. */
  get vcpus(): string {
    return this.record.vcpus.map((vcpu) => `${vcpu.id}:${vcpu.state}`).join(' ')
  }

  /** Requests of the last step. */
  get sent(): VcpuCall[] {
    return this.effects.flatMap((effect) => (effect.type === 'send' ? [effect.call] : []))
  }

  /** Kinds of the last step's effects. */
  get did(): string[] {
    return this.effects.map((effect) => effect.type)
  }

  /** The audit as a diary: action and outcome. */
  get diary(): string[] {
    return this.audit.map((entry) => `${entry.action.replace('resize.', '')} ${entry.outcome}`)
  }
}
