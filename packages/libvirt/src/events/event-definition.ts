import { type DomainRef, domainRef } from '../domain/domain-ref.ts'
import { Program } from '../rpc/packet.ts'
import { type Codec, i32, located } from '../xdr/codec.ts'
import type { XdrReader } from '../xdr/xdr-reader.ts'
import { struct, type StructFields, type StructOf } from '../xdr/struct.ts'

/** What every event of a domain has. */
export interface DomainEvent {
  readonly domain: DomainRef
}

/** One event of libvirt's remote protocol: the same object serves the client and a server. */
export interface EventDefinition<E extends DomainEvent> {
  /** virDomainEventID, named in the registration; -1 for raw QMP events, which have their own registration. */
  readonly id: number
  /** Name in libvirt's header. */
  readonly name: string
  /** First libvirt version that sends it with a callback id. */
  readonly since: string
  /** Procedure number of the message. */
  readonly procedure: number
  readonly program: number
  /** What follows the callback id. */
  readonly body: Codec<E>
}

/** What `domainEvent` needs to know. */
export interface EventDeclaration<F extends StructFields> {
  id: number
  procedure: number
  name: string
  since: string
  fields: F
  program?: number
}

/** Declares an event whose message is callback id, domain, then `fields` in wire order. */
export function domainEvent<const F extends StructFields>(
  definition: EventDeclaration<F>,
): EventDefinition<DomainEvent & StructOf<F>> {
  const { fields, ...rest } = definition
  const behind = struct(fields)
  const body: Codec<DomainEvent & StructOf<F>> = {
    encode(writer, event) {
      try {
        domainRef.encode(writer, event.domain)
      } catch (error) {
        throw located(error, 'domain')
      }
      behind.encode(writer, event)
    },
    decode: (reader) => behind.decodeInto(reader, { domain: readDomain(reader) }),
  }
  return { program: Program.REMOTE, ...rest, body }
}

function readDomain(reader: XdrReader): DomainRef {
  try {
    return domainRef.decode(reader)
  } catch (error) {
    throw located(error, 'domain')
  }
}

/** Declares one of the three power management events, where a reason stands before the domain. */
export function powerEvent(
  definition: Omit<EventDeclaration<StructFields>, 'fields'>,
): EventDefinition<DomainEvent & { readonly reason: number }> {
  return { program: Program.REMOTE, ...definition, body: struct({ reason: i32, domain: domainRef }) }
}

/** The whole message of an event, as a server sends it. */
export function eventMessage<E extends DomainEvent>(
  event: EventDefinition<E>,
): Codec<{ readonly callbackId: number; readonly event: E }> {
  return struct({ callbackId: i32, event: event.body })
}
