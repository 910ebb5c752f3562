/** A check that takes longer has failed: whoever asks has a bound of their own, ms. */
const CHECK_LIMIT_MS = 2_000

/** One thing that has to work before the server is of use. */
export interface ReadinessCheck {
  readonly name: string
  /** @returns why it does not work, `undefined` when it does */
  readonly check: () => Promise<string | undefined>
}

interface Readiness {
  readonly ready: boolean
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly cause?: string }[]
}

export async function readinessOf(
  checks: readonly ReadinessCheck[],
  limitMs = CHECK_LIMIT_MS,
): Promise<Readiness> {
  const results = await Promise.all(
    checks.map(async ({ name, check }) => {
      const cause = await withinLimit(check, limitMs).catch((error: unknown) =>
        error instanceof Error ? error.message : String(error),
      )
      return cause === undefined ? { name, ok: true } : { name, ok: false, cause }
    }),
  )
  return { ready: results.every(({ ok }) => ok), checks: results }
}

async function withinLimit(
  check: () => Promise<string | undefined>,
  limitMs: number,
): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${limitMs} ms`), limitMs)
  })
  try {
    return await Promise.race([check(), late])
  } finally {
    clearTimeout(timer)
  }
}
