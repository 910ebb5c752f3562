import { TypedParams } from '../../src/domain/typed-params.ts'
import { eventByProcedure } from '../../src/events/catalog.ts'
import { eventMessage } from '../../src/events/event-definition.ts'
import { procedureByNumber } from '../../src/procedures/catalog.ts'
import { MessageStatus, MessageType, type PacketHeader, Program } from '../../src/rpc/packet.ts'
import { remoteError } from '../../src/rpc/remote-error.ts'
import type { Codec } from '../../src/xdr/codec.ts'
import { empty } from '../../src/xdr/struct.ts'

/** The codec for the payload of any packet, or `undefined` when nobody knows it. */
export function payloadCodec(header: PacketHeader): Codec<unknown> | undefined {
  const { program, procedure, type, status } = header
  if (status === MessageStatus.ERROR) return remoteError
  if (program === Program.KEEPALIVE) return empty
  if (type === MessageType.MESSAGE) {
    const event = eventByProcedure(program, procedure)
    return event === undefined ? undefined : eventMessage(event)
  }
  const known = procedureByNumber(program, procedure)
  return type === MessageType.CALL ? known?.args : known?.result
}

/** All values inside, in wire order and in one spelling, so that differently named records can be compared. */
export function leaves(value: unknown): string[] {
  if (value instanceof TypedParams) return [...value.params()].flatMap(leaves)
  if (value instanceof Uint8Array) return [Buffer.from(value).toString('hex')]
  if (Array.isArray(value)) return value.flatMap(leaves)
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(leaves)
  if (typeof value === 'boolean') return [value ? '1' : '0']
  return [String(value)]
}
