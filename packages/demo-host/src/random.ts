/** A repeatable source of chance: the same seed gives the same numbers. */
export interface Random {
  /** 0 up to but not including 1. */
  next(): number
  /** A whole number from `min` to `max`, both possible. */
  int(min: number, max: number): number
  /** True with probability `p`. */
  chance(p: number): boolean
  pick<T>(items: readonly T[]): T
  /** Positive, with the given median; `spread` 0.5 keeps most values within a factor of 2.5. */
  logNormal(median: number, spread: number): number
  /** An independent source for one purpose, so that a new use elsewhere does not shift its numbers. */
  fork(name: string): Random
}

/** A generator for `seed` (mulberry32 over an FNV-1a hash of the text). */
export function seededRandom(seed: string | number): Random {
  const name = String(seed)
  let state = hashText(name)

  function next(): number {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }

  return {
    next,
    int: (min, max) => min + Math.floor(next() * (max - min + 1)),
    chance: (p) => next() < p,
    pick<T>(items: readonly T[]): T {
      const item = items[Math.floor(next() * items.length)]
      if (item === undefined) throw new Error('nothing to pick from: the list is empty')
      return item
    },
    logNormal(median, spread) {
      const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
      return median * Math.exp(spread * normal)
    },
    fork: (purpose) => seededRandom(`${name}/${purpose}`),
  }
}

/** A 32-bit number for a text (FNV-1a). */
export function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}

/** A version 4 shaped UUID that depends on the text alone. */
export function uuidFor(text: string): string {
  const random = seededRandom(`uuid/${text}`)
  const hex = Array.from({ length: 32 }, () => random.int(0, 15).toString(16))
  hex[12] = '4'
  hex[16] = '89ab'.charAt(random.int(0, 3))
  const flat = hex.join('')
  return `${flat.slice(0, 8)}-${flat.slice(8, 12)}-${flat.slice(12, 16)}-${flat.slice(16, 20)}-${flat.slice(20)}`
}
