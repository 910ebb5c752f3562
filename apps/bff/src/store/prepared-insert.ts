import type { CompiledQuery, Compilable } from 'kysely'
import type { WriteTransaction } from './database.ts'

/** @returns how many rows were inserted or updated */
export type PreparedInsert<Row extends object> = (transaction: WriteTransaction, row: Row) => Promise<bigint>

/**
 * An insert whose text is built once, for rows that are written all day: building it takes longer than writing the row.
 * @param build the query for a row; its only parameters are the row's values. Every row has the same members in the same
 *   order.
 */
export function prepareInsert<Row extends object>(build: (row: Row) => Compilable): PreparedInsert<Row> {
  let built: CompiledQuery<unknown> | undefined
  return async (transaction, row) => {
    built ??= build(row).compile()
    const parameters: readonly unknown[] = Object.values(row)
    if (parameters.length !== built.parameters.length) {
      throw new Error(
        `the insert has ${built.parameters.length} parameters, the row ${parameters.length} values`,
      )
    }
    const { numAffectedRows = 0n } = await transaction.executeQuery({ ...built, parameters })
    return numAffectedRows
  }
}
