import type { Random } from './random.ts'

/** Words at the edges of what lengths, counts, flags and enumerations can be. */
const EDGES = [
  0, 1, 2, 3, 4, 7, 8, 27, 28, 255, 256, 4096, 65_535, 4_194_304, 4_194_305, 33_554_436, 33_554_437,
  0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff, 0x2000_8086, 0x2000_8087, 0x6b65_6570,
]
const MUTATIONS_MAX = 4

/** A damaged copy of a packet: flipped bits, edge values in words, cut, lengthened, or with a piece of another one. */
export function mutate(packet: Buffer, other: Buffer, random: Random): Buffer {
  let bytes = Buffer.from(packet)
  for (let left = 1 + random.below(MUTATIONS_MAX); left > 0; left--) {
    switch (random.below(6)) {
      case 0:
        if (bytes.length > 0) {
          const at = random.below(bytes.length)
          bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8))
        }
        break
      case 1:
        if (bytes.length > 0) bytes[random.below(bytes.length)] = random.below(256)
        break
      case 2:
      case 3:
        if (bytes.length >= 4) bytes.writeUInt32BE(random.pick(EDGES), random.below(bytes.length >> 2) * 4)
        break
      case 4:
        bytes = Buffer.from(bytes.subarray(0, random.below(bytes.length + 1)))
        break
      case 5: {
        const from = random.below(other.length)
        const piece = other.subarray(from, from + random.below(64))
        const at = random.below(bytes.length + 1)
        bytes = Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)])
        break
      }
    }
  }
  // Most damaged packets should get past the length word, where the codecs are.
  if (bytes.length >= 28 && random.chance(0.8)) bytes.writeUInt32BE(bytes.length, 0)
  return bytes
}
