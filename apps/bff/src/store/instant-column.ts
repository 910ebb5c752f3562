/** An instant of better-auth's tables as ISO text: SQLite keeps text, PostgreSQL timestamps. */
export function isoOf(value: string | Date): string {
  return value instanceof Date ? value.toISOString() : value
}
