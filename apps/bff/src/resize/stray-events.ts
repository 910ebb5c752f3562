import type { DomainSnapshot } from '../inventory/domain-snapshot.ts'

interface Event {
  readonly vcpu: number
  readonly at: number
}

/** Events kept per VM while its re-read is on the way. */
const EVENTS_MAX = 4096

/**
 * vcpu-removed events that a later re-read contradicts. libvirt can send one for a vCPU that was just added: QEMU's
 * held-back message of an earlier removal (seen with libvirt 12.8.0, QEMU 11.1.3, x86-64 under TCG).
 */
export class StrayEvents {
  readonly #byVm = new Map<string, Event[]>()

  note(uuid: string, vcpu: number, at: number): void {
    const events = this.#byVm.get(uuid) ?? []
    if (events.length < EVENTS_MAX) events.push({ vcpu, at })
    this.#byVm.set(uuid, events)
  }

  /** Takes out the events that this read answers. @returns the vCPUs that are present all the same */
  settle(snapshot: DomainSnapshot): number[] {
    const events = this.#byVm.get(snapshot.uuid)
    if (!events) return []
    const answered = events.filter((event) => event.at <= snapshot.readAt)
    const rest = events.filter((event) => event.at > snapshot.readAt)
    if (rest.length > 0) this.#byVm.set(snapshot.uuid, rest)
    else this.#byVm.delete(snapshot.uuid)
    return [...new Set(answered.map((event) => event.vcpu))].filter(
      (id) => snapshot.live?.vcpus[id]?.enabled === true,
    )
  }
}
