import { startDemo, type Demo, type Fault, type FleetHost } from '@coreshift/demo-host'
import { ModificationImpact } from '@coreshift/libvirt'
import type { AuditEntry } from '@coreshift/shared/contract'
import { Failure } from '../../src/failure.ts'
import { advance as realAdvance } from '../../src/resize/engine/resize-engine.ts'
import { BrokenPromise, checkStep, type Advance } from '../../src/resize/engine/testing/promises.ts'
import { SeededChance } from '../../src/resize/engine/testing/seeded-chance.ts'
import { isOpen } from '@coreshift/shared'
import { checkedEntries, checkedOperations, DiskFullError, type DatabaseMood } from './checked-store.ts'
import { CrashPlan, type CrashPoint } from './crash-points.ts'
import { durableMemory, type Durable } from './durable-memory.ts'
import { durableSqlite } from './durable-sqlite.ts'
import { noFaults, type FaultKind } from './fault-kinds.ts'
import { countStrikes } from './faults.ts'
import { GuestWatcher } from './guest-watcher.ts'
import { History } from './history.ts'
import { Oracles } from './oracle/oracles.ts'
import { StoredPromises } from './oracle/stored-promises.ts'
import { Outsider } from './outsider.ts'
import type { CurrentProcess } from './platform-timers.ts'
import type { FaultDeed, Schedule } from './schedule.ts'
import { SimulatedProcess } from './simulated-process.ts'
import { startServer, type SimulatedServer } from './simulated-server.ts'
import { VirtualTime } from './virtual-time.ts'
import { Wire } from './wire.ts'

/** How long a server stays down when a crash point that nobody planned a downtime for kills it, ms. */
const DOWN_MS = 1_000

/** Everything of one simulation: time, hosts, guests, what is stored, and the server in its present life. */
export class World {
  readonly time: VirtualTime
  readonly chance: SeededChance
  readonly history: History
  readonly faults = noFaults()
  readonly crash: CrashPlan
  readonly stored: StoredPromises
  readonly mood: DatabaseMood
  readonly schedule: Schedule
  /** The first thing that went wrong. */
  failure: unknown
  server: SimulatedServer | undefined
  process: SimulatedProcess | undefined
  /** What the server's wall clock shows beyond the true time, from its next start on, ms. */
  skewMs = 0
  /** Downtime after the next kill, ms. */
  downMs = DOWN_MS
  /** VMs on hosts that the server manages and others; filled by `start`. */
  hosts: readonly FleetHost[] = []
  readonly wires = new Map<FleetHost, Wire>()
  readonly #advance: Advance
  readonly #current: CurrentProcess
  readonly #strikes = new Map<FleetHost, Map<Fault, FaultDeed>>()
  readonly #ids: SeededChance
  #oracles: Oracles | undefined
  #durable: Durable | undefined
  #demo: Demo | undefined
  #guests: GuestWatcher | undefined

  constructor(
    schedule: Schedule,
    time: VirtualTime,
    current: CurrentProcess,
    advance: Advance = realAdvance,
  ) {
    this.schedule = schedule
    this.time = time
    this.chance = new SeededChance(schedule.seed ^ 0x5eed)
    this.#ids = new SeededChance(schedule.seed ^ 0x1d5)
    this.#advance = advance
    this.#current = current
    this.history = new History(() => time.now())
    this.mood = {
      full: false,
      failsOnce: false,
      busyMs: 0,
      onFull: () => this.strike('disk-full'),
      onBusy: () => this.strike('database-busy'),
    }
    this.stored = new StoredPromises({
      history: this.history,
      fail: (error) => this.fail(error),
      told: (record) => this.oracles.told(record),
    })
    this.crash = new CrashPlan(
      () => {
        this.strike('process-kill')
        this.kill()
      },
      (point) => this.#failAt(point),
    )
    time.onQuiet = () => {
      this.#guests?.look()
      this.#oracles?.quiet()
    }
  }

  get managed(): readonly FleetHost[] {
    return this.hosts.slice(0, this.schedule.managed)
  }

  get demo(): Demo {
    if (!this.#demo) throw new Error('the world has not begun')
    return this.#demo
  }

  get oracles(): Oracles {
    if (!this.#oracles) throw new Error('the world has not begun')
    return this.#oracles
  }

  strike(kind: FaultKind): void {
    this.faults[kind] += 1
    this.#oracles?.struck(kind)
    this.history.add(`fault ${kind}`)
  }

  fail(error: unknown): void {
    this.failure ??= error
  }

  async begin(): Promise<void> {
    const onAudit = (entries: readonly AuditEntry[]) => {
      for (const entry of entries) this.history.addQuietly(entry.hash)
      this.server?.noteAppended(entries)
    }
    this.#durable = this.schedule.store === 'sqlite' ? await durableSqlite(onAudit) : durableMemory(onAudit)
    this.#demo = await startDemo({
      clock: this.time,
      seed: this.schedule.seed,
      story: this.schedule.story,
      listen: false,
    })
    this.hosts = this.#demo.hosts
    this.#guests = new GuestWatcher(this.hosts, (kind) => this.strike(kind))
    this.#oracles = new Oracles(this.hosts, (kind) => this.strike(kind), {
      wireMs: this.schedule.latencyMs,
      skewMs: () => this.skewMs,
      now: () => this.time.now(),
      fail: (error) => this.fail(error),
    })
    for (const host of this.hosts) {
      this.#strikes.set(
        host,
        countStrikes(host, (deed) => this.strike(deed)),
      )
    }
    this.boot()
  }

  /** Starts the server on what is stored. */
  boot(): void {
    const { crash, mood } = this
    const durable = this.#durable
    if (!durable) throw new Error('the world has not begun')
    const process = new SimulatedProcess(this.time, this.skewMs)
    this.process = process
    this.#current.process = process
    this.history.add('server starts')
    startServer({
      process,
      operations: checkedOperations(durable.operations, { process, crash, mood, promises: this.stored }),
      entries: checkedEntries(durable.entries, { process, crash, mood }),
      hosts: this.managed,
      open: (host) => this.#open(host, process),
      random: () => this.chance.next(),
      newId: () => this.#newId(),
      advance: (record, input) => this.#checkedAdvance(record, input),
      problem: (text, error) => this.#problem(text, error),
    }).then(
      (server) => {
        if (process.alive) this.server = server
      },
      (error: unknown) => {
        if (process.alive) this.fail(error)
      },
    )
  }

  /** As by kill -9; it comes back after its downtime. */
  kill(): void {
    if (!this.process?.alive) return
    this.history.add('server killed')
    this.process.kill()
    this.server = undefined
    for (const wire of this.wires.values()) wire.cut()
    this.wires.clear()
    const { downMs } = this
    this.downMs = DOWN_MS
    this.time.setTimer(downMs, () => this.boot())
  }

  addRules(
    host: FleetHost,
    deed: FaultDeed,
    rules: readonly Omit<Parameters<Demo['control']['addFault']>[1], 'session'>[],
  ): void {
    const session = this.wires.get(host)?.session ?? -1
    for (const rule of rules) {
      this.#strikes.get(host)?.set(rule.fault, deed)
      host.daemon.faults.add({ ...rule, session })
    }
  }

  outsider(host: FleetHost): Outsider {
    return new Outsider(host)
  }

  /** What people hear: refusals are part of life, anything else is a bug. */
  heard(what: string, promise: Promise<unknown>): void {
    promise.then(
      () => this.history.add(`${what}: done`),
      (error: unknown) => {
        if (error instanceof Failure) {
          const codes = error.reasons.map((reason) => reason.code).join(',')
          this.history.add(`${what}: ${error.code} ${codes}`)
          return
        }
        this.history.add(`${what}: ${String(error)}`)
        if (!(error instanceof DiskFullError)) this.fail(error)
      },
    )
  }

  async end(): Promise<void> {
    this.process?.kill()
    this.#guests?.stop()
    this.#oracles?.stop()
    await this.#demo?.stop()
    await this.#durable?.close()
  }

  #open(host: FleetHost, process: SimulatedProcess) {
    const { latencyMs } = this.schedule
    const wire = new Wire(host, {
      time: this.time,
      process,
      crash: this.crash,
      latencyMs: () => (latencyMs === 0 ? 0 : this.chance.between(0, latencyMs)),
      onChangeRequest: (flags) => this.#changeRequested(flags),
      onOpen: (opened) => {
        this.wires.set(host, opened)
        this.oracles.opened(host, opened.session)
      },
      onCut: () => this.strike('cut-before-acceptance'),
    })
    return wire.client
  }

  /** What was about to be written is not; what was on its way is lost with its connection. */
  #failAt(point: CrashPoint): void {
    this.history.add(`fails ${point}`)
    this.oracles.disturbed()
    if (point.startsWith('before-') && point !== 'before-send' && point !== 'before-config-write') {
      this.mood.failsOnce = true
    } else {
      for (const wire of this.wires.values()) wire.cut()
    }
  }

  #changeRequested(flags: number): void {
    this.history.add(`request with flags ${flags}`)
    const both = ModificationImpact.LIVE | ModificationImpact.CONFIG
    if ((flags & both) === both) {
      this.fail(new BrokenPromise('R4: a request changed the running VM and its stored definition at once'))
    }
  }

  #checkedAdvance(record: Parameters<Advance>[0], input: Parameters<Advance>[1]): ReturnType<Advance> {
    const turn = this.#advance(record, input)
    try {
      checkStep(
        { openings: 1, closings: isOpen(record.state) ? 0 : 1, lateRemovals: new Set() },
        record,
        input,
        turn,
      )
      this.oracles.stepped(record, input, turn)
    } catch (error) {
      this.history.add(`broken by ${JSON.stringify(input)}`)
      this.fail(error)
    }
    return turn
  }

  #problem(text: string, error: unknown): void {
    this.history.add(`problem: ${text}: ${String(error)}`)
    if (error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError) {
      this.fail(error)
    }
  }

  #newId(): string {
    const digits = Array.from({ length: 32 }, () => this.#ids.between(0, 15).toString(16))
    digits[12] = '4'
    digits[16] = '8'
    const text = digits.join('')
    return `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`
  }
}
