/** The command was not understood: told together with the usage. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
