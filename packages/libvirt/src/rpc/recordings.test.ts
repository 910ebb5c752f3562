import { describe, expect, it } from 'vitest'
import { leaves, payloadCodec } from '../../test/support/packet-codec.ts'
import { readRecording, recordingNames } from '../../test/support/recording.ts'
import { XdrError } from '../xdr/xdr-error.ts'
import { XdrReader } from '../xdr/xdr-reader.ts'
import { encodePacket, PACKET_HEADER_BYTES, readHeader } from './packet.ts'
import { PacketReader } from './packet-reader.ts'

const DIRECTIONS = ['client->server', 'server->client'] as const

function decodePayload(bytes: Buffer): unknown {
  const codec = payloadCodec(readHeader(bytes))
  if (codec === undefined) throw new XdrError('no such procedure')
  const reader = new XdrReader().reset(bytes, PACKET_HEADER_BYTES)
  const value = codec.decode(reader)
  reader.finish()
  return value
}

describe.each(recordingNames)('recording %s', (name) => {
  const packets = readRecording(name)
  const understood = packets.filter(({ note }) => note.decoded !== null)

  it('decodes to the values that were sent', () => {
    for (const { bytes, note } of understood) {
      const ours = leaves(decodePayload(bytes))
      // The recorder noted SASL data as a list of words, which we read as bytes.
      const theirs = note.procedure.startsWith('AUTH_SASL_ST')
        ? saslLeaves(note.decoded)
        : leaves(note.decoded)
      expect(ours, note.procedure).toEqual(theirs)
    }
  })

  it('encodes again to the same bytes', () => {
    for (const { bytes, note } of understood) {
      const header = readHeader(bytes)
      const codec = payloadCodec(header)
      if (codec === undefined) throw new Error(`no codec for ${note.procedure}`)
      const again = encodePacket(header, codec, decodePayload(bytes))
      expect(again.toString('hex'), note.procedure).toBe(bytes.toString('hex'))
    }
  })

  it('refuses what was malformed on purpose', () => {
    for (const { bytes, note } of packets.filter((packet) => packet.note.decoded === null)) {
      expect(() => decodePayload(bytes), note.procedure).toThrow(XdrError)
    }
  })

  it.each(DIRECTIONS)('comes out the same cut at every byte, %s', (direction) => {
    const expected = packets.filter(({ dir }) => dir === direction).map(({ bytes }) => bytes)
    const stream = Buffer.concat(expected)
    for (let cut = 0; cut <= stream.length; cut++) {
      let next = 0
      const reader = new PacketReader((bytes, start, end) => {
        if (bytes.compare(expected[next] ?? Buffer.alloc(0), undefined, undefined, start, end) !== 0) {
          throw new Error(`packet ${next} differs when the stream is cut at ${cut}`)
        }
        next++
      })
      reader.push(stream, 0, cut)
      reader.push(stream, cut, stream.length)
      expect(next).toBe(expected.length)
      expect(reader.pendingBytes).toBe(0)
    }
  })

  it.each(DIRECTIONS)('comes out the same byte by byte, %s', (direction) => {
    const expected = packets.filter(({ dir }) => dir === direction).map(({ bytes }) => bytes)
    const stream = Buffer.concat(expected)
    const seen: string[] = []
    const reader = new PacketReader((bytes, start, end) => seen.push(bytes.toString('hex', start, end)))
    for (let at = 0; at < stream.length; at++) reader.push(stream, at, at + 1)
    expect(seen).toEqual(expected.map((bytes) => bytes.toString('hex')))
  })
})

function saslLeaves(decoded: unknown): string[] {
  return Object.values(decoded as Record<string, unknown>).map((value) =>
    Array.isArray(value)
      ? Buffer.from(value.map((word) => Number(word) & 0xff)).toString('hex')
      : String(value),
  )
}
