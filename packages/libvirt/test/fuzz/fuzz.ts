import { parseArgs } from 'node:util'
import { fuzzConversations } from './fuzz-conversations.ts'
import { fuzzPackets } from './fuzz-packets.ts'

// The full fuzz, by `npm run fuzz -w packages/libvirt`; a failure prints the seed that repeats it.

const { values } = parseArgs({
  options: {
    packets: { type: 'string', default: '10000000' },
    conversations: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
  },
})
/** Far above what is needed, far below what a leak per packet would take. */
const HEAP_BYTES_MAX = 512 * 1024 * 1024
/** The work is done in pieces, so that memory is looked at in between. */
const PIECE = 100_000

process.on('unhandledRejection', (reason) => {
  console.error('a rejection that nobody handled:', reason)
  process.exit(1)
})

function checkMemory(): void {
  const { heapUsed, external } = process.memoryUsage()
  if (heapUsed + external > HEAP_BYTES_MAX)
    throw new Error(`${heapUsed + external} bytes of memory are in use`)
}

const seed = Number(values.seed)
const started = performance.now()
const packets = { decoded: 0, refused: 0, unread: 0 }
for (let done = 0; done < Number(values.packets); done += PIECE) {
  const piece = fuzzPackets(Math.min(PIECE, Number(values.packets) - done), seed + done)
  packets.decoded += piece.decoded
  packets.refused += piece.refused
  packets.unread += piece.unread
  checkMemory()
}
console.log(`${values.packets} packets, seed ${seed}:`, packets)
const ends: Record<string, number> = {}
for (let done = 0; done < Number(values.conversations); done += PIECE / 100) {
  const piece = await fuzzConversations(
    Math.min(PIECE / 100, Number(values.conversations) - done),
    seed + done,
  )
  for (const [kind, count] of Object.entries(piece)) ends[kind] = (ends[kind] ?? 0) + count
  checkMemory()
}
console.log(`${values.conversations} conversations, seed ${seed}, ended:`, ends)
console.log(`${((performance.now() - started) / 1000).toFixed(0)} s`)
