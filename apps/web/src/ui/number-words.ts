/** A count that may be a fraction of sockets: whole numbers bare, others with at most two digits. */
export function formatCount(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(2).replace(/0$/, '')
}
