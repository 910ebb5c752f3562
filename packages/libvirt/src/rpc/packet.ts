import type { Codec } from '../xdr/codec.ts'
import { XdrWriter } from '../xdr/xdr-writer.ts'

/** Bytes of length word and header together; a packet without payload has exactly these. */
export const PACKET_HEADER_BYTES = 28
/** VIR_NET_MESSAGE_MAX plus the length word (virnetprotocol.x): longer packets end the connection, on both sides. */
export const PACKET_BYTES_MAX = 33_554_436

/** RPC programs with their magic numbers (remote_protocol.x, qemu_protocol.x, virkeepaliveprotocol.x). */
export const Program = {
  REMOTE: 0x2000_8086,
  QEMU: 0x2000_8087,
  KEEPALIVE: 0x6b65_6570,
} as const
/** The version of each program is 1. */
export const PROGRAM_VERSION = 1

/** virNetMessageType. */
export const MessageType = {
  CALL: 0,
  REPLY: 1,
  /** Events and keepalive. */
  MESSAGE: 2,
  STREAM: 3,
  CALL_WITH_FDS: 4,
  REPLY_WITH_FDS: 5,
  STREAM_HOLE: 6,
} as const

/** virNetMessageStatus. */
export const MessageStatus = { OK: 0, ERROR: 1, CONTINUE: 2 } as const

/** Keepalive procedures. */
export const KeepaliveProcedure = { PING: 1, PONG: 2 } as const

export interface PacketHeader {
  readonly program: number
  readonly version: number
  readonly procedure: number
  readonly type: number
  /** Chosen by the caller, repeated in the reply. Events carry 1 (12.8.0), so route by type first. */
  readonly serial: number
  readonly status: number
}

/** Reads the header behind the length word of the packet that starts at `at`. */
export function readHeader(bytes: Buffer, at = 0): PacketHeader {
  return {
    program: bytes.readUInt32BE(at + 4),
    version: bytes.readUInt32BE(at + 8),
    procedure: bytes.readInt32BE(at + 12),
    type: bytes.readInt32BE(at + 16),
    serial: bytes.readUInt32BE(at + 20),
    status: bytes.readInt32BE(at + 24),
  }
}

/** Writes whole packets; one instance serves one connection and reuses its memory. */
export class PacketWriter {
  readonly #writer = new XdrWriter()

  /** One packet with its payload. Throws XdrError when the value does not fit the codec. */
  packet<T>(header: PacketHeader, codec: Codec<T>, value: T): Buffer {
    const writer = this.#writer.clear()
    writer.u32(0)
    writer.u32(header.program)
    writer.u32(header.version)
    writer.i32(header.procedure)
    writer.i32(header.type)
    writer.u32(header.serial)
    writer.i32(header.status)
    codec.encode(writer, value)
    writer.patchU32(0, writer.length)
    return writer.take()
  }
}

/** One packet on its own; where many are written, keep a `PacketWriter`. */
export function encodePacket<T>(header: PacketHeader, codec: Codec<T>, value: T): Buffer {
  return new PacketWriter().packet(header, codec, value)
}
