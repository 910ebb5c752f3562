import type { HostEvent } from '../hypervisor/host-event.ts'
import { invalid, rpcInternal } from '../hypervisor/libvirt-fault.ts'
import { EVENT_IDS } from './event-messages.ts'

interface Registration {
  readonly callbackId: number
  readonly eventId: number
  /** UUID, or `null` for all domains. */
  readonly domain: string | null
  /** Name of a raw QMP event, or `null` for all of them. */
  readonly qmpEvent: string | null
}

/** virDomainEventID that stands for raw QMP events here. */
const QMP = -1

/** Event registrations of one connection; ids are numbered over the whole daemon. */
export class SessionEvents {
  readonly #takeId: () => number
  readonly #highestEvent: number
  #registrations: Registration[] = []

  constructor(takeId: () => number, highestEvent: number) {
    this.#takeId = takeId
    this.#highestEvent = highestEvent
  }

  /** Throws LibvirtFault: 1 for an unknown event, 8 for a second registration of the same. */
  register(eventId: number, domain: string | null): number {
    if (eventId < 0 || eventId > this.#highestEvent) throw rpcInternal(`unsupported event ID ${eventId}`)
    if (this.#registrations.some((each) => each.eventId === eventId && each.domain === domain)) {
      throw invalid('event callback already tracked', 0)
    }
    const callbackId = this.#takeId()
    this.#registrations.push({ callbackId, eventId, domain, qmpEvent: null })
    return callbackId
  }

  /** Raw QMP events of one domain or of all, of one name or of any. */
  registerQmp(domain: string | null, qmpEvent: string | null): number {
    const callbackId = this.#takeId()
    this.#registrations.push({ callbackId, eventId: QMP, domain, qmpEvent })
    return callbackId
  }

  /** Throws LibvirtFault 1 for an id that is not registered here. */
  deregister(callbackId: number): void {
    if (!this.#registrations.some((each) => each.callbackId === callbackId)) {
      throw rpcInternal(`domain event callback ${callbackId} not registered`)
    }
    this.#registrations = this.#registrations.filter((each) => each.callbackId !== callbackId)
  }

  /** Callback ids that want this event, in the order of registration. */
  interested(event: HostEvent): number[] {
    if (event.kind === 'device-removal-failed' && !event.told) return []
    const eventId = EVENT_IDS[event.kind]
    return this.#registrations
      .filter(
        (each) => each.eventId === eventId && (each.domain === null || each.domain === event.domain.uuid),
      )
      .map((each) => each.callbackId)
  }
}
