/** One thing that has to work before the server is of use. */
export interface ReadinessCheck {
  readonly name: string
  /** @returns why it does not work, `undefined` when it does */
  readonly check: () => Promise<string | undefined>
}

export interface Readiness {
  readonly ready: boolean
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly cause?: string }[]
}

export async function readinessOf(checks: readonly ReadinessCheck[]): Promise<Readiness> {
  const results = await Promise.all(
    checks.map(async ({ name, check }) => {
      const cause = await check().catch((error: unknown) =>
        error instanceof Error ? error.message : String(error),
      )
      return cause === undefined ? { name, ok: true } : { name, ok: false, cause }
    }),
  )
  return { ready: results.every(({ ok }) => ok), checks: results }
}
