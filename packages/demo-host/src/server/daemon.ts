import { FaultScript } from '../faults/fault-script.ts'
import type { DemoHost } from '../hypervisor/demo-host.ts'
import { abandonCalls, reconnectMachines } from '../hypervisor/reconnect.ts'
import type { HostEvent } from '../hypervisor/host-event.ts'
import type { HandlerTable } from './handler-table.ts'
import { allHandlers } from './handlers/all-handlers.ts'
import type { ByteSink } from './session-output.ts'
import { Session } from './session.ts'

/** Errors of the simulation itself that are kept for whoever asks. */
const REPORTS_MAX = 100

/** A simulated libvirtd: the sessions of one host. Machines live on when it restarts. */
export class Daemon {
  readonly host: DemoHost
  readonly table: HandlerTable = allHandlers()
  readonly faults: FaultScript
  /** Mistakes of the simulation; empty when all is well. */
  readonly reports: unknown[] = []
  readonly #sessions = new Set<Session>()
  #nextCallbackId = 0
  #nextSession = 0
  #up = true
  readonly #unsubscribe: () => void

  constructor(host: DemoHost) {
    this.host = host
    this.faults = new FaultScript(host.random.fork('faults'))
    this.#unsubscribe = host.subscribe((event) => this.#tell(event))
  }

  /** Whether it takes connections. */
  get up(): boolean {
    return this.#up
  }

  get sessions(): readonly Session[] {
    return [...this.#sessions]
  }

  /** Takes a client. Returns `null` while the daemon is down. */
  accept(sink: ByteSink): Session | null {
    if (!this.#up) return null
    const session = new Session(this, this.#nextSession++, sink)
    this.#sessions.add(session)
    return session
  }

  forget(session: Session): void {
    this.#sessions.delete(session)
  }

  takeCallbackId(): number {
    return this.#nextCallbackId++
  }

  /** Something in the simulation is wrong: the caller got an internal error, the cause is kept here. */
  report(error: unknown): void {
    if (this.reports.length < REPORTS_MAX) this.reports.push(error)
  }

  /** The daemon stops: sockets just close, machines run on, events are lost. */
  stop(): void {
    this.#up = false
    for (const session of this.#sessions) session.destroy()
    abandonCalls(this.host)
  }

  /** It comes back; callback ids begin at 0 again. */
  start(): void {
    this.#up = true
    this.#nextCallbackId = 0
    reconnectMachines(this.host)
  }

  /** Ends for good. */
  dispose(): void {
    this.stop()
    this.#unsubscribe()
  }

  #tell(event: HostEvent): void {
    for (const session of this.#sessions) session.tell(event)
  }
}
