import { isOpen } from '@coreshift/shared'
import type { OperationRecord } from '../../operation-record.ts'
import type { Effect, Input } from '../engine-io.ts'
import { judgeClosedEnd, judgeOpenEnd } from './judge-end.ts'
import { START } from './open-example.ts'
import { BrokenPromise, checkStep, newLedger, type Advance, type Ledger } from './promises.ts'
import { randomOpening } from './random-opening.ts'
import { SeededChance } from './seeded-chance.ts'
import { SimulatedMachine, type Consequence, type GuestManner } from './simulated-machine.ts'
import { RANDOM_FAULTS, strikeRandomFault, type RandomFault } from './strike-random-fault.ts'
import { TaskQueue, type Task } from './task-queue.ts'

/** Faults come in this time; afterwards the world is fair, ms. */
const TROUBLE_MS = 300_000
/** Fair time after which an operation has ended or waits, ms: above the longest policy and two reconcile intervals. */
const FAIR_MS = 2_400_000
/** An engine that does not come to rest is broken. */
const STEPS = 4000

interface Run {
  readonly record: OperationRecord
  /** One line per input, as it happened. */
  readonly history: readonly string[]
  /** How often each kind of fault fired. */
  readonly faults: Readonly<Record<string, number>>
}

/**
 * One operation in a world of its own: machine, guest, connection, other people and a server that gets killed, all
 * from one seed. Every step is checked against all promises, the end against the truth. Throws `BrokenPromise` with
 * the last steps.
 */
export function simulate(advance: Advance, seed: number): Run {
  const world = new World(advance, seed)
  try {
    return world.run()
  } catch (error) {
    const tail = world.history.slice(-25).join('\n')
    throw new BrokenPromise(
      `seed ${seed}: ${error instanceof Error ? error.message : String(error)}\n${tail}`,
    )
  }
}

class World {
  readonly history: string[] = []
  readonly #advance: Advance
  readonly #chance: SeededChance
  readonly #machine: SimulatedMachine
  readonly #ledger: Ledger
  readonly #faults: Record<string, number> = {}
  #record: OperationRecord
  readonly #tasks = new TaskQueue(START)
  #steps = 0
  #connected = true
  /** A new life of the server: what the old one still expected never arrives. */
  #life = 0
  #serverUp = true
  readonly #synchronousHost: boolean
  readonly #trouble: number
  readonly #asked: readonly number[]

  constructor(advance: Advance, seed: number) {
    this.#advance = advance
    this.#chance = new SeededChance(seed)
    const opening = randomOpening(this.#chance)
    const manners: readonly [
      readonly [GuestManner, ...GuestManner[]],
      ...(readonly [GuestManner, ...GuestManner[]])[],
    ] = [
      ['lets-go'],
      ['lets-go', 'slow'],
      ['lets-go', 'refuses'],
      ['held'],
      ['silent'],
      ['lets-go', 'slow', 'refuses', 'silent', 'held'],
    ]
    this.#machine = new SimulatedMachine(
      opening.vcpus,
      opening.unitSize,
      this.#chance,
      this.#chance.pick(manners),
    )
    this.#record = opening.turn.record
    this.#asked = opening.asked
    this.#ledger = newLedger(opening.turn)
    this.#synchronousHost = this.#chance.happens(0.15)
    this.#trouble = this.#chance.pick([0, 0.05, 0.3])
  }

  run(): Run {
    this.#soon(1, () => this.#feed({ type: 'begin', at: this.#now }))
    const earlier = { kind: 'set-vcpus', ids: this.#asked, enable: false } as const
    if (this.#asked.length > 0) this.#follow(this.#machine.carryOut(earlier))
    const faults = this.#trouble === 0 ? 0 : this.#chance.between(0, 8)
    for (let index = 0; index < faults; index += 1) {
      // Most of an operation happens in its first second.
      const at = this.#chance.happens(0.5)
        ? this.#chance.between(0, 2000)
        : this.#chance.between(0, TROUBLE_MS)
      this.#soon(at, () => this.#strike(this.#chance.pick(RANDOM_FAULTS)))
    }
    const resync = this.#chance.happens(0.5)
    if (resync) this.#resync()
    const end = START + TROUBLE_MS + FAIR_MS
    while (this.#now < end) {
      const task = this.#next()
      if (task === undefined || task.at > end) break
      this.#tasks.moveTo(task.at)
      task.act()
    }
    this.#judgeEnd()
    return { record: this.#record, history: this.history, faults: this.#faults }
  }

  // ── time ──

  get #now(): number {
    return this.#tasks.now
  }

  #soon(afterMs: number, act: () => void): void {
    this.#tasks.add(afterMs, act)
  }

  /** For what ends with the server's life. */
  #soonInThisLife(afterMs: number, act: () => void): void {
    const life = this.#life
    this.#soon(afterMs, () => {
      if (life === this.#life) act()
    })
  }

  #next(): Task | undefined {
    const deadline = this.#record.deadlineAt
    const first = this.#tasks.nextAt
    if (deadline !== undefined && isOpen(this.#record.state) && this.#serverUp) {
      const at = Math.max(this.#now, Date.parse(deadline))
      if (first === undefined || at < first) {
        return { at, act: () => this.#feed({ type: 'timer', at: this.#now }) }
      }
    }
    return this.#tasks.take()
  }

  #fair(): boolean {
    return this.#now > START + TROUBLE_MS
  }

  #goesWrong(name: string, share = 1): boolean {
    const wrong = !this.#fair() && this.#chance.happens(this.#trouble * share)
    if (wrong) this.#count(name)
    return wrong
  }

  #count(name: string): void {
    this.#faults[name] = (this.#faults[name] ?? 0) + 1
  }

  // ── the server ──

  #feed(input: Input): void {
    if (!this.#serverUp) return
    this.#steps += 1
    if (this.#steps > STEPS) throw new BrokenPromise('R20: the engine does not come to rest')
    const before = this.#record
    this.history.push(`+${this.#now - START} ${describe(input)}`)
    const turn = this.#advance(before, input)
    checkStep(this.#ledger, before, input, turn)
    this.#record = turn.record
    this.history.push(
      `    ${turn.record === before ? 'same' : turn.record.state} ${turn.record.vcpus.map((vcpu) => `${vcpu.id}:${vcpu.state}`).join(' ')} → ${turn.effects.map((effect) => effect.type).join(',')}`,
    )
    if (this.#goesWrong('killed-before-effects', 0.1)) return this.#kill()
    for (const effect of turn.effects) this.#perform(effect)
  }

  #kill(): void {
    this.#life += 1
    this.#serverUp = false
    // What was stored is JSON: nothing else survives.
    this.#record = JSON.parse(JSON.stringify(this.#record)) as OperationRecord
    this.#soon(this.#chance.between(500, 20_000), () => {
      this.#serverUp = true
      if (isOpen(this.#record.state)) this.#feed({ type: 'resume', at: this.#now })
      this.#soonInThisLife(this.#chance.between(10, 500), () => {
        if (this.#connected) this.#feed({ type: 'host-back', at: this.#now })
      })
    })
  }

  #perform(effect: Effect): void {
    switch (effect.type) {
      case 'observe':
        return this.#observe()
      case 'send':
        return this.#send(effect)
      case 'write-config':
        return this.#writeConfig(effect.vcpus)
      case 'drain':
      case 'online':
        return this.#askAgent(effect)
    }
  }

  #observe(): void {
    if (this.#goesWrong('re-read-lost', 0.3)) return
    this.#soonInThisLife(this.#chance.between(0, 20), () => {
      if (!this.#connected) return
      const observation = this.#machine.look(this.#now)
      const slow = this.#goesWrong('re-read-slow')
      this.#soonInThisLife(slow ? this.#chance.between(100, 3000) : this.#chance.between(0, 30), () =>
        this.#feed({ type: 'observed', at: this.#now, observation }),
      )
    })
  }

  #send(effect: Extract<Effect, { type: 'send' }>): void {
    const { attempt, call } = effect
    const error = { message: 'told by the simulation' }
    const answer = (
      afterMs: number,
      input: Extract<Input, { type: 'accepted' | 'rejected' | 'answer-lost' }>,
    ) => this.#soonInThisLife(afterMs, () => this.#feed({ ...input, at: this.#now }))
    this.#soonInThisLife(this.#chance.between(1, 20), () => {
      const at = this.#now
      if (!this.#connected || this.#goesWrong('lost-before-acceptance', 0.5)) {
        return answer(1, { type: 'answer-lost', at, attempt, error })
      }
      if (this.#goesWrong('refused-at-the-door', 0.5)) {
        const some = new Set(call.ids.filter(() => this.#chance.happens(0.3)))
        this.#follow(this.#machine.carryOut(call, some))
        return answer(2, { type: 'rejected', at, attempt, error })
      }
      this.#follow(this.#machine.carryOut(call))
      if (this.#goesWrong('lost-after-acceptance', 0.5)) {
        if (this.#chance.happens(0.5)) answer(5, { type: 'answer-lost', at, attempt, error })
        else this.#count('no-answer-at-all')
        return
      }
      const waits = this.#synchronousHost && !call.enable
      answer(waits ? 5000 : this.#chance.between(1, 7), {
        type: 'accepted',
        at,
        attempt,
        ...(waits && { waited: true }),
      })
    })
  }

  #writeConfig(vcpus: number): void {
    this.#soonInThisLife(this.#chance.between(1, 30), () => {
      if (!this.#connected || this.#machine.presence === 'gone') return
      if (this.#goesWrong('definition-refused')) {
        return this.#feed({ type: 'config-failed', at: this.#now, error: { message: 'disk full' } })
      }
      this.#machine.configCount = vcpus
      if (this.#goesWrong('definition-answer-lost')) return
      this.#soonInThisLife(2, () => this.#feed({ type: 'config-written', at: this.#now }))
    })
  }

  #askAgent({ type, vcpus }: Extract<Effect, { type: 'drain' | 'online' }>): void {
    this.#soonInThisLife(this.#chance.between(5, 200), () => {
      if (!this.#connected || this.#goesWrong('agent-hangs', 2)) return
      const at = this.#now
      const no = this.#goesWrong('agent-refuses', 2)
      const reason = 'the guest cannot'
      if (type === 'drain') {
        return this.#feed(no ? { type: 'drain-refused', at, reason } : { type: 'drained', at, vcpus })
      }
      this.#feed(
        no
          ? { type: 'online-failed', at, reason, offline: vcpus }
          : { type: 'online-done', at, online: vcpus },
      )
    })
  }

  /** The inventory looks at everything now and then. */
  #resync(): void {
    this.#soon(30_000, () => {
      this.#observe()
      this.#resync()
    })
  }

  // ── the machine ──

  #follow(consequences: readonly Consequence[]): void {
    const born = this.#machine.domainId
    for (const { afterMs, unit, kind } of consequences) {
      this.#soon(afterMs, () => {
        if (this.#machine.presence !== 'running' || this.#machine.domainId !== born) return
        if (kind === 'gone') for (const id of this.#machine.letGo(unit)) this.#announce(id)
        else if (this.#machine.enabled.has(unit)) this.#announceRefusal(unit)
      })
    }
  }

  #announce(vcpu: number): void {
    if (!this.#connected || this.#goesWrong('event-lost')) return
    const times = this.#goesWrong('event-twice') ? 2 : 1
    for (let time = 0; time < times; time += 1) {
      const late = this.#goesWrong('event-late')
        ? this.#chance.between(100, 60_000)
        : this.#chance.between(0, 3)
      this.#soonInThisLife(late, () => this.#feed({ type: 'vcpu-removed', at: this.#now, vcpu }))
    }
  }

  #announceRefusal(unit: number): void {
    if (!this.#connected || this.#goesWrong('refusal-lost')) return
    this.#soonInThisLife(this.#chance.between(0, 3), () =>
      this.#feed({ type: 'removal-failed', at: this.#now, unit, alias: `vcpu${unit}` }),
    )
  }

  #strike(kind: RandomFault): void {
    this.#count(kind)
    this.history.push(`+${this.#now - START} *** ${kind}`)
    strikeRandomFault(kind, {
      machine: this.#machine,
      chance: this.#chance,
      at: this.#now,
      feed: (input) => this.#feed(input),
      loseHost: () => this.#loseHost(),
      kill: () => {
        if (this.#serverUp) this.#kill()
      },
    })
  }

  #loseHost(): void {
    if (!this.#connected) return
    this.#connected = false
    this.#feed({ type: 'host-lost', at: this.#now, cause: 'connection reset' })
    this.#soon(this.#chance.between(500, 90_000), () => {
      this.#connected = true
      this.#feed({ type: 'host-back', at: this.#now })
    })
  }

  // ── the end ──

  #judgeEnd(): void {
    if (isOpen(this.#record.state)) return judgeOpenEnd(this.#record, this.#machine)
    // One more look, as the inventory has it.
    this.#tasks.moveTo(this.#now + 1000)
    this.#feed({ type: 'observed', at: this.#now, observation: this.#machine.look(this.#now) })
    judgeClosedEnd(this.#record, this.#machine)
  }
}

function describe(input: Input): string {
  switch (input.type) {
    case 'observed': {
      const { presence, readAt, enabled, configCount } = input.observation
      return `observed ${presence} at +${readAt - START}: ${[...enabled].sort((a, b) => a - b).join(',')} config ${configCount}`
    }
    case 'vcpu-removed':
      return `vcpu-removed ${input.vcpu}`
    case 'removal-failed':
      return `removal-failed ${input.unit}`
    default:
      return input.type
  }
}
