import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import { Instant } from '@coreshift/shared/contract'
import type { ChainHead } from './audit-chain.ts'
import { canonicalJson } from './canonical-json.ts'

/** The first member of every line, by which it is found among other lines of a log. */
const MARK = '{"coreshift":"audit-checkpoint"'

/** A place of the chain, signed with a key that is not in the database: what was there cannot be cut off unseen. */
export const Checkpoint = z
  .object({
    coreshift: z.literal('audit-checkpoint'),
    id: z.int().min(1).describe('the entry that was the last one'),
    hash: z.string(),
    at: Instant,
    sealed: z.literal(true).optional().describe('everything up to this entry was removed by the retention'),
    key: z.string().describe('id of the key'),
    signature: z.string().describe('Ed25519 over the canonical JSON of the other members, base64url'),
  })
  .strict()
export type Checkpoint = z.infer<typeof Checkpoint>

/** Short name of a key: the beginning of the SHA-256 of its public part. */
function checkpointKeyId(key: KeyObject): string {
  const bytes = createPublicKey(key.export({ type: keyType(key), format: 'pem' })).export({
    type: 'spki',
    format: 'der',
  })
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16)
}

const keyType = (key: KeyObject): 'pkcs8' | 'spki' => (key.type === 'private' ? 'pkcs8' : 'spki')

/** @param at ISO instant of now */
export function signCheckpoint(
  privateKey: KeyObject,
  { id, hash }: ChainHead,
  at: string,
  sealed = false,
): Checkpoint {
  const unsigned = {
    coreshift: 'audit-checkpoint' as const,
    id,
    hash,
    at,
    ...(sealed ? { sealed: true as const } : {}),
    key: checkpointKeyId(privateKey),
  }
  const signature = sign(null, Buffer.from(canonicalJson(unsigned)), privateKey).toString('base64url')
  return { ...unsigned, signature }
}

/** Whether one of the keys made the signature. */
export function isSignedBy(publicKeys: readonly KeyObject[], checkpoint: Checkpoint): boolean {
  const { signature, ...unsigned } = checkpoint
  const bytes = Buffer.from(canonicalJson(unsigned))
  return publicKeys.some(
    (key) =>
      checkpointKeyId(key) === checkpoint.key &&
      verify(null, bytes, key, Buffer.from(signature, 'base64url')),
  )
}

/** One line, as it is written to standard output or syslog. */
export function checkpointLine({ coreshift, ...rest }: Checkpoint): string {
  return JSON.stringify({ coreshift, ...rest })
}

/**
 * The checkpoint that a line of a log holds, whatever stands before it (a journal's date and name).
 * @returns undefined where the line holds none
 * @throws Error where it begins like one and is none
 */
export function parseCheckpointLine(line: string): Checkpoint | undefined {
  const at = line.indexOf(MARK)
  if (at < 0) return undefined
  const text = line.slice(at).trimEnd()
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new Error(`A checkpoint is cut or changed: ${text.slice(0, 120)}`, { cause })
  }
  const parsed = Checkpoint.safeParse(value)
  if (!parsed.success) throw new Error(`A checkpoint is not one: ${text.slice(0, 120)}`)
  return parsed.data
}
