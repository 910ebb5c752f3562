import type { Codec } from '../xdr/codec.ts'
import { XdrError } from '../xdr/xdr-error.ts'

const UUID_BYTES = 16
const HEX = '0123456789abcdef'
const CANONICAL = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const DIGITS = /^[0-9a-f]{32}$/

// Two characters per byte, so that a UUID becomes one flat string in one call that never leaves JavaScript (short-text.ts).
const HIGH = Uint8Array.from({ length: 256 }, (_, byte) => HEX.charCodeAt(byte >> 4))
const LOW = Uint8Array.from({ length: 256 }, (_, byte) => HEX.charCodeAt(byte & 15))
const DASH = 45
const scratch = Array.from({ length: 36 }, () => DASH)

/** The UUID in `bytes[at, at + 16)`, lower case with dashes. */
export function formatUuid(bytes: Uint8Array, at = 0): string {
  let position = 0
  for (let i = 0; i < UUID_BYTES; i++) {
    if (i === 4 || i === 6 || i === 8 || i === 10) position++
    const byte = bytes[at + i] ?? 0
    scratch[position++] = HIGH[byte] ?? 0
    scratch[position++] = LOW[byte] ?? 0
  }
  return String.fromCharCode(...scratch)
}

/** The canonical form (lower case, dashes) of a UUID written in any form that libvirt takes, or `null`. */
export function canonicalUuid(text: string): string | null {
  const digits = text.trim().toLowerCase().replaceAll('-', '')
  if (!DIGITS.test(digits)) return null
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-${digits.slice(12, 16)}-${digits.slice(16, 20)}-${digits.slice(20)}`
}

/** Whether `text` is a UUID in canonical form. */
export function isCanonicalUuid(text: string): boolean {
  return CANONICAL.test(text)
}

// Value of each character code as a hexadecimal digit, 255 for all others.
const DIGIT = Uint8Array.from({ length: 128 }, (_, code) => {
  const digit = HEX.indexOf(String.fromCharCode(code).toLowerCase())
  return digit < 0 ? 255 : digit
})

/** The 16 bytes of a UUID; throws XdrError when it is none. */
export function parseUuid(text: string): Uint8Array {
  const bytes = new Uint8Array(UUID_BYTES)
  if (!fillCanonical(bytes, text)) {
    const canonical = typeof text === 'string' ? canonicalUuid(text) : null
    if (canonical === null) throw new XdrError(`${JSON.stringify(text)} is not a UUID`)
    fillCanonical(bytes, canonical)
  }
  return bytes
}

/** The quick way for the form in which a UUID nearly always comes; every call that names a domain takes it. */
function fillCanonical(bytes: Uint8Array, text: string): boolean {
  if (typeof text !== 'string' || text.length !== 36) return false
  let position = 0
  for (let i = 0; i < UUID_BYTES; i++) {
    if (i === 4 || i === 6 || i === 8 || i === 10) {
      if (text.charCodeAt(position++) !== DASH) return false
    }
    const high = DIGIT[text.charCodeAt(position++)] ?? 255
    const low = DIGIT[text.charCodeAt(position++)] ?? 255
    if (high > 15 || low > 15) return false
    bytes[i] = (high << 4) | low
  }
  return true
}

/** 16 raw bytes on the wire (`remote_uuid`), a canonical string here. */
export const uuid: Codec<string> = {
  encode: (writer, value) => writer.fixed(parseUuid(value)),
  decode(reader) {
    reader.need(UUID_BYTES)
    const text = formatUuid(reader.bytes, reader.offset)
    reader.offset += UUID_BYTES
    return text
  },
}
