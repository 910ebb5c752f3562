import type { KeyObject } from 'node:crypto'
import { createReadStream, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { AuditVerification } from '@coreshift/shared/contract'
import { parsePublicKeys } from '../audit/checkpoint-key.ts'
import { compareCheckpoints } from '../audit/compare-checkpoints.ts'
import { readCheckpoints, verifyExport } from '../audit/verify-export.ts'
import { Failure } from '../failure.ts'
import type { Store } from '../open-store.ts'
import { UsageError } from './usage-error.ts'

interface VerifyOptions {
  /** An `export.jsonl` to verify instead of the database. */
  readonly export?: string | undefined
  /** A log that holds checkpoints. */
  readonly checkpoints?: string | undefined
  /** Public keys as PEM; default for the database: the server's own. */
  readonly key?: string | undefined
}

/** `audit verify --export FILE --checkpoints FILE --key FILE`: needs neither the database nor the server. */
export async function verifyExportFile(file: string, { checkpoints, key }: VerifyOptions): Promise<number> {
  if (checkpoints === undefined || key === undefined) {
    throw new UsageError('--export needs --checkpoints (a log with checkpoints) and --key (the public key).')
  }
  return tell(
    await verifyExport({
      entries: linesOf(file),
      checkpoints: await readCheckpoints(linesOf(checkpoints)),
      publicKeys: keysOf(key),
    }),
  )
}

/** `audit verify [--checkpoints FILE [--key FILE]]`: the chain in the database. */
export async function verifyAudit(store: Store, { checkpoints, key }: VerifyOptions): Promise<number> {
  const inItself = await store.audit.verify()
  if (!inItself.ok || checkpoints === undefined) return tell(inItself)
  const signed = await readCheckpoints(linesOf(checkpoints))
  const start = (await store.auditSeals.read())?.id ?? 0
  const publicKeys = key === undefined ? [store.checkpointKey.publicKey] : keysOf(key)
  const chain = {
    start,
    end: inItself.verifiedUpTo,
    // The seal itself answers for the last entry that was removed.
    hashOf: async (id: number) =>
      id === start ? (await store.auditSeals.read())?.hash : store.auditSeals.hashOf(id),
  }
  return tell(await compareCheckpoints(chain, signed, publicKeys))
}

function tell({ ok, verifiedUpTo, firstBroken, reason }: AuditVerification): number {
  process.stdout.write(
    ok
      ? `The audit is whole: ${verifiedUpTo} entries verified.\n`
      : `The audit is broken at entry ${firstBroken}: ${reason}. The ${verifiedUpTo} entries before it are whole.\n`,
  )
  return ok ? 0 : 1
}

async function* linesOf(file: string): AsyncGenerator<string> {
  try {
    yield* createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })
  } catch (cause) {
    throw unreadable(file, cause)
  }
}

function keysOf(file: string): KeyObject[] {
  let pem: string
  try {
    pem = readFileSync(file, 'utf8')
  } catch (cause) {
    throw unreadable(file, cause)
  }
  const keys = parsePublicKeys(pem)
  if (keys.length === 0) throw new Failure('invalid-request', `${file} holds no public key as PEM.`)
  return keys
}

function unreadable(file: string, cause: unknown): Failure {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new Failure('invalid-request', `${file} cannot be read: ${why}`, { cause })
}
