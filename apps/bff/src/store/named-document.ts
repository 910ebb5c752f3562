import type { Kysely } from 'kysely'
import type { WriteTransaction } from './database.ts'
import type { Schema } from './schema.ts'

/** A JSON document of the table `setting`; `undefined` where there is none. The caller checks its shape. */
export async function readDocument(db: Kysely<Schema>, name: string): Promise<unknown> {
  const row = await db.selectFrom('setting').select('value').where('name', '=', name).executeTakeFirst()
  return row === undefined ? undefined : JSON.parse(row.value)
}

/** Stores a document in place of the one of that name. */
export async function writeDocument(
  transaction: WriteTransaction,
  name: string,
  document: object,
  at: string,
): Promise<void> {
  const value = JSON.stringify(document)
  await transaction
    .insertInto('setting')
    .values({ name, value, updated_at: at })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value, updated_at: at }))
    .execute()
}

export async function removeDocument(transaction: WriteTransaction, name: string): Promise<void> {
  await transaction.deleteFrom('setting').where('name', '=', name).execute()
}
