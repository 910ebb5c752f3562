import { argon2, randomBytes, timingSafeEqual, type Argon2Parameters } from 'node:crypto'
import { promisify } from 'node:util'
import { Failure } from '../failure.ts'
import { createConcurrencyGate } from './concurrency-gate.ts'

const argon2Async = promisify(argon2)

/** OWASP Password Storage Cheat Sheet, argon2id: 19 MiB, 2 passes, 1 lane. */
const MEMORY_KIB = 19_456
const PASSES = 2
const LANES = 1
const SALT_BYTES = 16
const TAG_BYTES = 32

/** Upper bounds of what a stored hash may ask for, so that a forged row cannot take all memory. */
const MEMORY_KIB_MAX = 262_144
const PASSES_MAX = 10

/** Hashes computed at once: each takes a thread and 19 MiB. */
export const CONCURRENT_HASHES_MAX = 2
/** Hashes waiting for their turn; more are refused, so that sign-ins cannot pile up without end. */
export const WAITING_HASHES_MAX = 64

export interface PasswordHasher {
  /** argon2id in PHC form: `$argon2id$v=19$m=…,t=…,p=…$salt$tag`. */
  hash(password: string): Promise<string>
  /** @returns false for a wrong password and for a hash that is none */
  verify(password: string, stored: string): Promise<boolean>
  /** Takes as long as a verification: for names that do not exist. */
  pretend(password: string): Promise<void>
}

/**
 * A hasher with a cap on concurrent work.
 * @throws (from its methods) Failure `rate-limited` when too many hashes are waiting
 */
export function createPasswordHasher(): PasswordHasher {
  const gate = createConcurrencyGate({
    concurrentMax: CONCURRENT_HASHES_MAX,
    waitingMax: WAITING_HASHES_MAX,
    full: () =>
      new Failure(
        'rate-limited',
        'Too many people are signing in at this moment. Try again in a few seconds.',
      ),
  })
  const derive = (password: string, salt: Buffer, cost: Cost, tagBytes: number): Promise<Buffer> => {
    const parameters: Argon2Parameters = {
      message: password.normalize('NFKC'),
      nonce: salt,
      parallelism: cost.lanes,
      tagLength: tagBytes,
      memory: cost.memoryKib,
      passes: cost.passes,
    }
    return gate(() => argon2Async('argon2id', parameters))
  }
  const cost: Cost = { memoryKib: MEMORY_KIB, passes: PASSES, lanes: LANES }

  return {
    async hash(password) {
      const salt = randomBytes(SALT_BYTES)
      const tag = await derive(password, salt, cost, TAG_BYTES)
      return `$argon2id$v=19$m=${cost.memoryKib},t=${cost.passes},p=${cost.lanes}$${base64(salt)}$${base64(tag)}`
    },
    async verify(password, stored) {
      const parsed = parsePhc(stored)
      if (!parsed) return false
      const tag = await derive(password, parsed.salt, parsed.cost, parsed.tag.length)
      return timingSafeEqual(tag, parsed.tag)
    },
    async pretend(password) {
      await derive(password, randomBytes(SALT_BYTES), cost, TAG_BYTES)
    },
  }
}

interface Cost {
  readonly memoryKib: number
  readonly passes: number
  readonly lanes: number
}

function parsePhc(stored: string): { cost: Cost; salt: Buffer; tag: Buffer } | undefined {
  const match =
    /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,64})\$([A-Za-z0-9+/]{22,128})$/.exec(
      stored,
    )
  if (!match) return undefined
  const cost = { memoryKib: Number(match[1]), passes: Number(match[2]), lanes: Number(match[3]) }
  if (cost.memoryKib > MEMORY_KIB_MAX || cost.passes > PASSES_MAX) return undefined
  return { cost, salt: Buffer.from(match[4] ?? '', 'base64'), tag: Buffer.from(match[5] ?? '', 'base64') }
}

/** PHC strings carry base64 without padding. */
function base64(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '')
}
