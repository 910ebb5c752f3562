import { z } from 'zod'
import { Cursor, PageLimit } from '@coreshift/shared/contract'
import { Failure } from '../failure.ts'

/** What every list takes that has no filter. */
export const PageQuery = z.object({ cursor: Cursor.optional(), limit: PageLimit }).strict()
export type PageQuery = z.infer<typeof PageQuery>

/** Where an item stands: what its list is sorted by, then what no two items share. */
type Place = readonly [sortedBy: string, id: string]

export interface ListOrder<T> {
  readonly placeOf: (item: T) => Place
  /** Default: upwards. */
  readonly direction?: 'down'
}

export interface Page<T> {
  readonly items: T[]
  readonly nextCursor?: string
}

/**
 * One page of a list that is at hand. The cursor names the last item shown, so that items which come and go shift
 * nothing.
 * @throws Failure `invalid-request` for a text that is no cursor
 */
export function pageOf<T>(
  items: readonly T[],
  { placeOf, direction }: ListOrder<T>,
  { cursor, limit }: PageQuery,
): Page<T> {
  const sign = direction === 'down' ? -1 : 1
  const order = (a: Place, b: Place): number => sign * byPlace(a, b)
  const after = cursor === undefined ? undefined : placeOfCursor(cursor)
  const rest = items
    .map((item) => ({ item, place: placeOf(item) }))
    .filter(({ place }) => after === undefined || order(place, after) > 0)
    .sort((a, b) => order(a.place, b.place))
    .map(({ item }) => item)
  return cutPage(rest, placeOf, limit)
}

/** The first page of what is left of a list; whether there is another shows in what was read beyond the limit. */
export function cutPage<T>(rest: readonly T[], placeOf: (item: T) => Place, limit: number): Page<T> {
  const items = rest.slice(0, limit)
  const last = rest.length > limit ? items.at(-1) : undefined
  return { items, ...(last === undefined ? {} : { nextCursor: cursorOf(placeOf(last)) }) }
}

/** @throws Failure `invalid-request` */
export function placeOfCursor(cursor: string): Place {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    if (Array.isArray(place) && typeof place[0] === 'string' && typeof place[1] === 'string') {
      return [place[0], place[1]]
    }
  } catch {
    // Told below, like every other text that is no cursor.
  }
  throw new Failure('invalid-request', 'This is no cursor of this list; use nextCursor of the page before.')
}

function cursorOf(place: Place): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url')
}

function byPlace([a, idA]: Place, [b, idB]: Place): number {
  if (a !== b) return a < b ? -1 : 1
  if (idA === idB) return 0
  return idA < idB ? -1 : 1
}
