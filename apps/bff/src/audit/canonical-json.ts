/**
 * JSON with one spelling per value: keys sorted by UTF-16 code units, no white space, absent members left out
 * (RFC 8785). Two readers of the same value compute the same hash.
 * @throws TypeError for what JSON cannot carry: functions, symbols, bigint, NaN, infinities.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`JSON cannot carry the number ${value}`)
    return JSON.stringify(value)
  }
  if (Array.isArray(value)) {
    return `[${value.map((item) => canonicalJson(item === undefined ? null : item)).join(',')}]`
  }
  if (typeof value === 'object') return canonicalObject(value)
  throw new TypeError(`JSON cannot carry a value of type ${typeof value}`)
}

/** Joined by hand: millions of entries are spelled when the audit is verified. */
function canonicalObject(value: object): string {
  const members: Readonly<Record<string, unknown>> = { ...value }
  let text = '{'
  // Without a comparison, sort() compares by UTF-16 code units, which is what RFC 8785 asks for.
  for (const key of Object.keys(members).sort()) {
    const member = members[key]
    if (member === undefined) continue
    text += `${text === '{' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(member)}`
  }
  return `${text}}`
}
