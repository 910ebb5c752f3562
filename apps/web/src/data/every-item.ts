import { AnswerNotUnderstood } from './api-failure.ts'
import type { HttpClient } from './http-client.ts'

/** The longest page that the server gives. */
const PAGE_SIZE = 1_000
/** More than a person can look at; a list without an end is none. */
const PAGES_MAX = 100

interface Page<T> {
  readonly items: readonly T[]
  readonly nextCursor?: string
}

/**
 * A whole list that is shown at once, page after page.
 * @throws AnswerNotUnderstood when it does not end
 */
export async function everyItem<T>(http: HttpClient, path: string, signal: AbortSignal): Promise<T[]> {
  const items: T[] = []
  let cursor: string | undefined
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const params = new URLSearchParams({ limit: String(PAGE_SIZE) })
    if (cursor !== undefined) params.set('cursor', cursor)
    const page: Page<T> = await http.request<Page<T>>('GET', `${path}?${params}`, { keys: ['items'], signal })
    items.push(...page.items)
    cursor = page.nextCursor
    if (cursor === undefined) return items
  }
  throw new AnswerNotUnderstood(path, `more than ${PAGES_MAX} pages`)
}
