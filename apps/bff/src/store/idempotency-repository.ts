import type { Database } from './database.ts'

/** What is kept of a request that was sent with a key. */
interface KeptRequest {
  readonly requestHash: string
  /** The id that its operation has, or will have. */
  readonly operationId: string
}

export interface IdempotencyRepository {
  /**
   * Keeps a request under its key unless one is kept already, and lets go of those older than `expired`.
   * @returns the request that is kept: this one, or the earlier one
   */
  keep(keyHash: string, request: KeptRequest, at: string, expired: string): Promise<KeptRequest>
}

export function createIdempotencyRepository(database: Database): IdempotencyRepository {
  return {
    keep: (keyHash, { requestHash, operationId }, at, expired) =>
      database.write(async (transaction) => {
        await transaction.deleteFrom('idempotency_key').where('created_at', '<', expired).execute()
        await transaction
          .insertInto('idempotency_key')
          .values({
            key_hash: keyHash,
            request_hash: requestHash,
            operation_id: operationId,
            created_at: at,
          })
          .onConflict((conflict) => conflict.column('key_hash').doNothing())
          .execute()
        const kept = await transaction
          .selectFrom('idempotency_key')
          .select(['request_hash', 'operation_id'])
          .where('key_hash', '=', keyHash)
          .executeTakeFirstOrThrow()
        return { requestHash: kept.request_hash, operationId: kept.operation_id }
      }),
  }
}
