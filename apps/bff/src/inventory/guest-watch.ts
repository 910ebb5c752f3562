import { isDeepStrictEqual } from 'node:util'
import { isAgentError, isConnectionError, isOperationInvalid, isUnsupported } from '@coreshift/libvirt'
import type { Clock } from '../clock.ts'
import { enabledIds } from './domain-definition.ts'
import type { AgentOs, DomainSnapshot, GuestReport } from './domain-snapshot.ts'
import type { DomainSession } from './inventory-ports.ts'
import { readAgentOs, readGuestReport } from './read-guest.ts'
import { SingleFlight } from '../single-flight.ts'

/** Pause before the guest is asked again for its CPUs, ms. It brings added CPUs online in its own time. */
const REPEAT_MS = 2000
/** Times the guest is asked again while its count differs from the hypervisor's. */
const REPEATS = 15

interface GuestWatchDependencies {
  readonly clock: Clock
  readonly session: (uuid: string) => DomainSession | undefined
  readonly changed: (uuid: string) => void
  readonly problem: (text: string, error: unknown) => void
}

interface Guest {
  report?: GuestReport
  agentOs?: AgentOs
  enabled: number
  repeatsLeft: number
  cancel?: () => void
}

/** Asks guest agents, patiently and one question per VM at a time: an agent may hang for ever. */
export class GuestWatch {
  readonly #dependencies: GuestWatchDependencies
  readonly #guests = new Map<string, Guest>()
  readonly #asks: SingleFlight<string, void>

  constructor(dependencies: GuestWatchDependencies) {
    this.#dependencies = dependencies
    this.#asks = new SingleFlight((uuid) => this.#ask(uuid))
  }

  report(uuid: string): GuestReport | undefined {
    return this.#guests.get(uuid)?.report
  }

  agentOs(uuid: string): AgentOs | undefined {
    return this.#guests.get(uuid)?.agentOs
  }

  /** A VM was read: ask when there is a new machine, a new agent or another set of vCPUs. */
  noticed(snapshot: DomainSnapshot, before: DomainSnapshot | undefined): void {
    const { uuid, live } = snapshot
    if (!live || live.agent !== 'connected') {
      if (this.#guests.has(uuid)) this.forget(uuid)
      return
    }
    const enabled = enabledIds(live).length
    const known = this.#guests.get(uuid)
    if (known && known.enabled === enabled && before?.domainId === snapshot.domainId) return
    this.refresh(uuid, enabled)
  }

  refresh(uuid: string, enabled?: number): void {
    const guest = this.#guests.get(uuid) ?? { enabled: enabled ?? 0, repeatsLeft: REPEATS }
    guest.enabled = enabled ?? guest.enabled
    guest.repeatsLeft = REPEATS
    this.#guests.set(uuid, guest)
    void this.#asks.run(uuid)
  }

  /** What the guest uses may be something else now; of a guest that is not watched nobody wants to know. */
  askAgain(uuid: string): void {
    if (this.#guests.has(uuid)) this.refresh(uuid)
  }

  forget(uuid: string): void {
    this.#guests.get(uuid)?.cancel?.()
    this.#guests.delete(uuid)
  }

  /** Asks now, for a person who looks. */
  async read(uuid: string): Promise<GuestReport | { readonly problem: string }> {
    const session = this.#dependencies.session(uuid)
    if (!session) return { problem: 'The host cannot be reached.' }
    try {
      const report = await readGuestReport(session.connection, session.domain, () =>
        this.#dependencies.clock.now(),
      )
      this.#keep(uuid, { report })
      return report
    } catch (error) {
      if (!isExpected(error)) this.#dependencies.problem(`asking the guest agent of ${uuid} failed`, error)
      return {
        problem: `The guest agent did not answer: ${error instanceof Error ? error.message : String(error)}`,
      }
    }
  }

  async #ask(uuid: string): Promise<void> {
    const session = this.#dependencies.session(uuid)
    const guest = this.#guests.get(uuid)
    if (!session || !guest) return
    try {
      if (!guest.agentOs) this.#keep(uuid, { agentOs: await readAgentOs(session.connection, session.domain) })
      const report = await readGuestReport(session.connection, session.domain, () =>
        this.#dependencies.clock.now(),
      )
      this.#keep(uuid, { report })
    } catch (error) {
      if (!isExpected(error)) this.#dependencies.problem(`asking the guest agent of ${uuid} failed`, error)
    }
    this.#repeatWhileDifferent(uuid)
  }

  #keep(uuid: string, news: { report?: GuestReport; agentOs?: AgentOs }): void {
    const guest = this.#guests.get(uuid)
    if (!guest) return
    const isNews = news.agentOs !== undefined || !saysTheSame(guest.report, news.report)
    if (news.agentOs) guest.agentOs = news.agentOs
    if (news.report) guest.report = news.report
    if (isNews) this.#dependencies.changed(uuid)
  }

  #repeatWhileDifferent(uuid: string): void {
    const guest = this.#guests.get(uuid)
    if (!guest) return
    guest.cancel?.()
    if (guest.report?.online.length === guest.enabled || guest.repeatsLeft <= 0) return
    guest.repeatsLeft -= 1
    guest.cancel = this.#dependencies.clock.after(REPEAT_MS, () => void this.#asks.run(uuid))
  }
}

/** Whether two reports differ in nothing but their time. */
function saysTheSame(before: GuestReport | undefined, now: GuestReport | undefined): boolean {
  if (!before || !now) return before === now
  const { readAt: _then, ...known } = before
  const { readAt: _now, ...told } = now
  return isDeepStrictEqual(known, told)
}

/** What an agent may do at any time: be away, hang, not know the question. */
function isExpected(error: unknown): boolean {
  return isAgentError(error) || isOperationInvalid(error) || isUnsupported(error) || isConnectionError(error)
}
