/** What became of one machine's request. */
export type Outcome<Result> =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'running' }
  | { readonly kind: 'done'; readonly result: Result }
  | { readonly kind: 'failed'; readonly error: unknown }

/**
 * Does a task for each key, a few at a time and in order; one that fails does not stop the others.
 * @param atOnce how many at a time
 * @param tell called with every change of an outcome
 */
export async function runEach<Result>(
  keys: readonly string[],
  atOnce: number,
  task: (key: string) => Promise<Result>,
  tell: (key: string, outcome: Outcome<Result>) => void,
): Promise<void> {
  const left = [...keys]
  async function worker(): Promise<void> {
    for (let key = left.shift(); key !== undefined; key = left.shift()) {
      tell(key, { kind: 'running' })
      try {
        tell(key, { kind: 'done', result: await task(key) })
      } catch (error) {
        tell(key, { kind: 'failed', error })
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, keys.length) }, worker))
}
