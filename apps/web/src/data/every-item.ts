import type { HttpClient } from './http-client.ts'

/** The longest page that the server gives. */
const PAGE_SIZE = 1_000

interface Page<T> {
  readonly items: readonly T[]
  readonly nextCursor?: string
}

/** A whole list that is shown at once, page after page. */
export async function everyItem<T>(http: HttpClient, path: string, signal: AbortSignal): Promise<T[]> {
  const items: T[] = []
  let cursor: string | undefined
  do {
    const params = new URLSearchParams({ limit: String(PAGE_SIZE) })
    if (cursor !== undefined) params.set('cursor', cursor)
    const page: Page<T> = await http.request<Page<T>>('GET', `${path}?${params}`, { keys: ['items'], signal })
    items.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== undefined)
  return items
}
