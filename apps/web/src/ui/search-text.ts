/**
 * A member of the address as text. The router reads `?q=12` as a number and `?q=true` as a boolean; whatever else
 * stands there was not written by this page and is left out.
 */
export function searchText(value: unknown): string {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}
