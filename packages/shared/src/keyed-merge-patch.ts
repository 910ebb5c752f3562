/**
 * Patches of the live view: RFC 7396 merge patches, with one addition. A list whose items carry an `id` (or
 * `uuid`) is patched by an object keyed with that id: `{vcpus: {"4": {state: "removed"}}}` changes one item,
 * `null` removes it, an unknown id appends. Where that would leave the items in another order, `$order` holds
 * the ids in theirs. Untouched parts stay the same object, so that a view can compare by identity.
 *
 * A value that is absent is left out, never `null`: `null` in a patch means "remove". A key that holds a list
 * never holds an object instead, and no id is `$order`.
 */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** Key of a list's patch under which the order of its ids stands. */
const ORDER = '$order'

type JsonObject = { readonly [key: string]: Json }

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function keyOf(item: Json): string | undefined {
  if (!isObject(item)) return undefined
  const key = item['id'] ?? item['uuid']
  return typeof key === 'string' || typeof key === 'number' ? String(key) : undefined
}

function equal(a: Json, b: Json): boolean {
  if (a === b) return true
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => equal(item as Json, b[index] as Json))
  }
  if (!isObject(a) || !isObject(b)) return false
  // `for in` makes no list of the keys: views are compared hundreds of times a second.
  for (const key in b) if (!(key in a)) return false
  for (const key in a) if (!(key in b) || !equal(a[key] ?? null, b[key] ?? null)) return false
  return true
}

/** Items in the order of their ids; items that the order does not name stay behind. */
function inOrder(items: readonly Json[], order: Json): readonly Json[] {
  const place = new Map(Array.isArray(order) ? order.map((key, index) => [String(key), index]) : [])
  const placeOf = (item: Json) => place.get(keyOf(item) ?? '') ?? place.size
  return items.toSorted((a, b) => placeOf(a) - placeOf(b))
}

function patchList(list: readonly Json[], { [ORDER]: order, ...patch }: JsonObject): readonly Json[] {
  const patched = patchItems(list, patch)
  if (order === undefined) return patched
  const ordered = inOrder(patched, order)
  return ordered.every((item, index) => item === list[index]) && ordered.length === list.length
    ? list
    : ordered
}

/** Where each id stands in a list. A list with the same ids in the same places shares the map of the one before. */
const places = new WeakMap<readonly Json[], ReadonlyMap<string, number>>()

function placesIn(list: readonly Json[]): ReadonlyMap<string, number> {
  const known = places.get(list)
  if (known) return known
  const found = new Map<string, number>()
  list.forEach((item, index) => {
    const key = keyOf(item)
    if (key !== undefined && !found.has(key)) found.set(key, index)
  })
  places.set(list, found)
  return found
}

/** Looks only at the items that the patch names: a fleet of thousands gets hundreds of changes a second. */
function patchItems(list: readonly Json[], patch: JsonObject): readonly Json[] {
  const placeOf = placesIn(list)
  const removed = new Set<number>()
  const appended: Json[] = []
  let next: Json[] | undefined
  let samePlaces = true
  for (const [key, change] of Object.entries(patch)) {
    const index = placeOf.get(key)
    const item = index === undefined ? undefined : list[index]
    if (index === undefined || item === undefined) {
      if (change !== null) appended.push(mergeJson({}, change))
      continue
    }
    if (change === null) {
      removed.add(index)
      continue
    }
    const patched = mergeJson(item, change)
    if (patched === item) continue
    next ??= [...list]
    next[index] = patched
    samePlaces &&= keyOf(patched) === key
  }
  if (removed.size > 0) next = (next ?? list).filter((_, index) => !removed.has(index))
  if (appended.length > 0) next = [...(next ?? list), ...appended]
  if (!next) return list
  if (samePlaces && removed.size === 0 && appended.length === 0) places.set(next, placeOf)
  return next
}

function mergeJson(target: Json, patch: Json): Json {
  if (!isObject(patch)) return equal(target, patch) ? target : patch
  if (Array.isArray(target)) return patchList(target, patch)
  const base: JsonObject = isObject(target) ? target : {}
  const next: Record<string, Json> = { ...base }
  let changed = !isObject(target)
  for (const [key, change] of Object.entries(patch)) {
    const before = base[key]
    if (change === null) {
      if (before !== undefined) {
        delete next[key]
        changed = true
      }
      continue
    }
    const after = before === undefined ? mergeJson({}, change) : mergeJson(before, change)
    if (after !== before) {
      next[key] = after
      changed = true
    }
  }
  return changed ? next : base
}

/** Applies a patch; the same object comes back when nothing changed. */
export function applyPatch<T>(value: T, patch: unknown): T {
  return mergeJson(value as Json, patch as Json) as T
}

function diffLists(before: readonly Json[], after: readonly Json[]): Json | undefined {
  // Most lists of a view that changed have not.
  if (equal(before, after)) return undefined
  const keyed = (list: readonly Json[]) => {
    const map = new Map<string, Json>()
    for (const item of list) {
      const key = keyOf(item)
      if (key === undefined || map.has(key)) return undefined
      map.set(key, item)
    }
    return map
  }
  const old = keyed(before)
  const fresh = keyed(after)
  // An empty old list carries no keys to patch by, and a list without keys is replaced as a whole.
  if (!old || !fresh || old.size === 0) return after
  const patch: Record<string, Json> = {}
  for (const [key, item] of old) {
    const now = fresh.get(key)
    if (now === undefined) patch[key] = null
    else {
      const change = diffJson(item, now)
      if (change !== undefined) patch[key] = change
    }
  }
  for (const [key, item] of fresh) if (!old.has(key)) patch[key] = item
  const appended = Object.keys(patch).filter((key) => !old.has(key))
  const reached = [...old.keys()].filter((key) => fresh.has(key)).concat(appended)
  const order = [...fresh.keys()]
  if (reached.some((key, index) => key !== order[index])) patch[ORDER] = order
  return Object.keys(patch).length === 0 ? undefined : patch
}

function diffJson(before: Json, after: Json): Json | undefined {
  if (before === after) return undefined
  if (Array.isArray(before) && Array.isArray(after)) return diffLists(before, after)
  if (!isObject(before) || !isObject(after)) return equal(before, after) ? undefined : after
  let patch: Record<string, Json> | undefined
  for (const key in before) if (!(key in after)) (patch ??= {})[key] = null
  for (const key in after) {
    const old = before[key]
    const value = after[key]
    const change = old === undefined || value === undefined ? value : diffJson(old, value)
    if (change !== undefined) (patch ??= {})[key] = change
  }
  return patch
}

/** The smallest patch that turns `before` into `after`, or `undefined` when they are equal. */
export function diffPatch<T>(before: T, after: T): Json | undefined {
  return diffJson(before as Json, after as Json)
}
