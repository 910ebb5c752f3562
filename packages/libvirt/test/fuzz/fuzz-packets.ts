import { nodeGetInfo } from '../../src/procedures/node.ts'
import { FramingError, PacketReader } from '../../src/rpc/packet-reader.ts'
import { encodePacket, PACKET_HEADER_BYTES, type PacketHeader, readHeader } from '../../src/rpc/packet.ts'
import { XdrError } from '../../src/xdr/xdr-error.ts'
import { XdrReader } from '../../src/xdr/xdr-reader.ts'
import { leaves, payloadCodec } from '../support/packet-codec.ts'
import { readRecording, recordingNames } from '../support/recording.ts'
import { mutate } from './mutate.ts'
import { Random } from './random.ts'

/** How the packets fared; every packet is in exactly one of these. */
interface PacketFuzzResult {
  decoded: number
  refused: number
  /** Not a whole packet, or of a procedure that nobody knows. */
  unread: number
}

/**
 * Sends `count` damaged packets through the packet reader and the codecs. A damaged packet is either read, and then
 * encodes to the same bytes, or refused with XdrError or FramingError. Throws, with the seed, when something else happens.
 */
export function fuzzPackets(count: number, seed: number): PacketFuzzResult {
  const corpus = recordingNames.flatMap(readRecording).map(({ bytes }) => bytes)
  const result: PacketFuzzResult = { decoded: 0, refused: 0, unread: 0 }
  const xdr = new XdrReader()
  for (let i = 0; i < count; i++) {
    // Each packet has a seed of its own, so that a failure is repeated without the millions before it.
    const random = new Random(seed + i)
    const damaged = mutate(random.pick(corpus), random.pick(corpus), random)
    try {
      result[onePacket(damaged, random, xdr)]++
    } catch (cause) {
      throw new Error(`packet of seed ${seed + i} (count 1): ${damaged.toString('hex')}`, { cause })
    }
  }
  return result
}

function onePacket(damaged: Buffer, random: Random, xdr: XdrReader): keyof PacketFuzzResult {
  let outcome: keyof PacketFuzzResult = 'unread'
  const reader = new PacketReader((bytes, start, end) => {
    const packet = bytes.subarray(start, end)
    const header = readHeader(packet)
    const codec = payloadCodec(header)
    if (codec === undefined) return
    const value = codec.decode(xdr.reset(bytes, start + PACKET_HEADER_BYTES, end))
    xdr.finish()
    outcome = 'decoded'
    if (isExact(header, value) && !encodePacket(header, codec, value).equals(packet)) {
      throw new Error('it does not encode to the bytes it was decoded from')
    }
  })
  const cut = random.below(damaged.length + 1)
  try {
    reader.push(damaged, 0, cut)
    reader.push(damaged, cut)
  } catch (error) {
    if (error instanceof XdrError || error instanceof FramingError) return 'refused'
    throw error
  }
  return outcome
}

/**
 * Text that was no UTF-8 has been replaced; NUL inside a text is read but never sent; a NaN has many spellings; what
 * stands behind the end of the CPU model's text is not kept.
 */
function isExact({ program, procedure }: PacketHeader, value: unknown): boolean {
  if (program === nodeGetInfo.program && procedure === nodeGetInfo.number) return false
  return !leaves(value).some((leaf) => leaf.includes('\uFFFD') || leaf.includes('\0') || leaf === 'NaN')
}
