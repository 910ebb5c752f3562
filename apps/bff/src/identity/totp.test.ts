import { describe, expect, it } from 'vitest'
import { base32, codeOf, otpauthUri, stepAt, stepOfCode } from './totp.ts'

/** RFC 6238, appendix B, SHA-1: the last six of the eight digits. */
const SECRET = Buffer.from('12345678901234567890')
const RFC_6238 = [
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
] as const

describe('a code of an authenticator', () => {
  it.each(RFC_6238)('is at second %i as RFC 6238 says', (seconds, code) => {
    expect(codeOf(SECRET, stepAt(seconds * 1000))).toBe(code)
  })

  it('is taken one step early and one late, and no earlier or later', () => {
    const nowMs = 1_234_567_890_000
    const now = stepAt(nowMs)
    const taken = [-2, -1, 0, 1, 2].map((away) => stepOfCode(SECRET, codeOf(SECRET, now + away), nowMs, 0))
    expect(taken).toEqual([undefined, now - 1, now, now + 1, undefined])
  })

  it('is taken once, and an earlier one not after it', () => {
    const nowMs = 1_234_567_890_000
    const now = stepAt(nowMs)
    expect(stepOfCode(SECRET, codeOf(SECRET, now), nowMs, now)).toBeUndefined()
    expect(stepOfCode(SECRET, codeOf(SECRET, now - 1), nowMs, now)).toBeUndefined()
    expect(stepOfCode(SECRET, codeOf(SECRET, now + 1), nowMs, now)).toBe(now + 1)
  })

  it.each(['', '00592', '0059244', '００5924', '005925', 'abcdef'])('is not %j', (code) => {
    expect(stepOfCode(SECRET, code, 1_234_567_890_000, 0)).toBeUndefined()
  })
})

describe('the key for the app', () => {
  it.each([
    ['', ''],
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foob', 'MZXW6YQ'],
    ['fooba', 'MZXW6YTB'],
    ['foobar', 'MZXW6YTBOI'],
  ])('writes %j in base32 as RFC 4648 does', (text, written) => {
    expect(base32(Buffer.from(text))).toBe(written)
  })

  it('is in the address with the name of the product and of the account', () => {
    expect(otpauthUri('Coreshift', 'ann@example.org', SECRET)).toBe(
      'otpauth://totp/Coreshift:ann%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Coreshift&algorithm=SHA1&digits=6&period=30',
    )
  })
})
