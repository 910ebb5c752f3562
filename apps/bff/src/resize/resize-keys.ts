import { createHash } from 'node:crypto'
import type { Actor, Operation, ResizeRequest } from '@coreshift/shared/contract'
import { canonicalJson } from '../audit/canonical-json.ts'
import { Failure } from '../failure.ts'
import type { IdempotencyRepository } from '../store/idempotency-repository.ts'
import type { ResizeDesk } from './resize-desk.ts'

/** A key is good for this long, ms. */
export const KEY_LIFETIME_MS = 24 * 60 * 60_000

/** A request for a resize that is carried out once, however often it is sent. */
interface KeyedRequest {
  /** `Idempotency-Key` as the client chose it. */
  readonly key: string
  readonly vm: string
  readonly request: ResizeRequest
  readonly actor: Actor
  readonly requestId?: string
}

export interface ResizeKeys {
  /**
   * Opens the operation, or returns the one that the same request opened before. The id is kept before the operation is
   * opened with it: whatever crashes between the two, a repetition opens the same operation or finds it.
   * @throws Failure `conflict` when the key was used for another request; else what `ResizeDesk.request` throws
   */
  request(
    desk: Pick<ResizeDesk, 'find' | 'request'>,
    keyed: KeyedRequest,
  ): Promise<{ operation: Operation; repeated: boolean }>
}

interface ResizeKeysOptions {
  readonly repository: IdempotencyRepository
  readonly newId: () => string
  /** Epoch ms. */
  readonly now: () => number
}

export function createResizeKeys({ repository, newId, now }: ResizeKeysOptions): ResizeKeys {
  return {
    async request(desk, { key, vm, request, actor, requestId }) {
      const at = now()
      const mine = { requestHash: sha256(canonicalJson({ vm, request })), operationId: newId() }
      // A key belongs to whoever chose it: two accounts may choose the same one.
      const keyHash = sha256(canonicalJson([actor.kind, actor.name, key]))
      const [created, expired] = [at, at - KEY_LIFETIME_MS].map((ms) => new Date(ms).toISOString())
      const kept = await repository.keep(keyHash, mine, created ?? '', expired ?? '')
      if (kept.requestHash !== mine.requestHash) {
        throw new Failure(
          'conflict',
          'This Idempotency-Key was sent with another request. Choose a new key for a new request.',
        )
      }
      const known = kept.operationId === mine.operationId ? undefined : await desk.find(kept.operationId)
      if (known) return { operation: known, repeated: true }
      const operation = await desk.request(vm, request, actor, requestId, kept.operationId)
      return { operation, repeated: false }
    },
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
