/**
 * Short ASCII texts between bytes and strings, without Node's C++. In a loop both ways cost the same, but events and single
 * calls come one by one: after 2 ms of silence `buffer.toString()` of 14 bytes takes 20 µs, most of what an event costs
 * at all, and this 5 µs (Node 26).
 */
const SHORT_BYTES = 40

// An array for each length, used again and again: a text is made flat, in one call.
const codesOfLength = Array.from({ length: SHORT_BYTES + 1 }, (_, length) => Array.from({ length }, () => 0))

/** The text in `bytes[start, start + length)`, or `null` when it is not short or not ASCII. */
export function readShortAscii(bytes: Uint8Array, start: number, length: number): string | null {
  const codes = codesOfLength[length]
  if (codes === undefined) return null
  for (let i = 0; i < length; i++) {
    const code = bytes[start + i] ?? 0
    if (code > 0x7f) return null
    codes[i] = code
  }
  return String.fromCharCode(...codes)
}

/** Whether the text is short ASCII without a NUL, and then as many bytes as characters. */
export function isShortAscii(text: string): boolean {
  if (text.length > SHORT_BYTES) return false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 0 || code > 0x7f) return false
  }
  return true
}

/** Writes a text of ASCII characters to `bytes` from `at` on. */
export function writeAscii(bytes: Uint8Array, at: number, text: string): void {
  for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i)
}
