/** Where a cookie of ours belongs. All are unreadable for scripts. */
export interface CookiePlace {
  readonly name: string
  readonly path: string
  readonly sameSite: 'Strict' | 'Lax'
  /** Sent by https only. */
  readonly secure: boolean
}

/** @param value text of unreserved characters (RFC 6265, 4.1.1), such as base64url and dots */
export function setCookie(
  { name, path, sameSite, secure }: CookiePlace,
  value: string,
  maxAgeS: number,
): string {
  return `${name}=${value}; Max-Age=${maxAgeS}; Path=${path}; HttpOnly; SameSite=${sameSite}${secure ? '; Secure' : ''}`
}

/** Makes the browser forget it. */
export function clearedCookie(place: CookiePlace): string {
  return setCookie(place, '', 0)
}

/** @returns undefined when the header holds no such cookie, or more than one: a second one was planted */
export function cookieValue(header: string | undefined, name: string): string | undefined {
  const values = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1))
  return values.length === 1 && values[0] !== '' ? values[0] : undefined
}
