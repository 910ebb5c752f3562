import { randomInt } from 'node:crypto'
import { secretHash } from '../secrets/random-secret.ts'

/** Codes in one set. */
const RECOVERY_CODES = 10
/** Without letters and digits that look alike. */
const ALPHABET = '23456789abcdefghjkmnpqrstuvwxyz'
const GROUPS = 3
const GROUP_LENGTH = 5

/** Codes that sign in once each when the authenticator is lost: 74 random bits, so that a plain hash hides them. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () =>
    Array.from({ length: GROUPS }, () =>
      Array.from({ length: GROUP_LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join(''),
    ).join('-'),
  )
}

/** What is stored of a code; capitals, spaces and dashes make no difference. */
export function recoveryCodeHash(code: string): string {
  return secretHash(code.toLowerCase().replaceAll(/[\s-]/g, ''))
}
