import { describe, expect, it } from 'vitest'
import { passwordProblem } from './password-rules.ts'

describe('a password', () => {
  it.each([
    ['short', /at least 10/],
    ['x'.repeat(257), /at most 256/],
    ['password123', /best-known/],
    ['PASSWORD123', /best-known/],
    ['Password1234!', /best-known/],
    ['qwertyuiop', /best-known/],
    ['1234567890', /best-known/],
    ['abababababab', /too few different/],
    ['aaaaaaaaaaaaaaa', /too few different/],
    ['administrator', /best-known/],
    ['margaret42', /account name/],
    ['margaretmargaret', /account name/],
    ['MARGARET-1', /account name/],
  ])('like "%s" is refused', (password, reason) => {
    expect(passwordProblem(password, 'margaret')).toMatch(reason)
  })

  it.each(['tin canoe lamp orbit', 'correct horse', 'margaret likes tea', 'Ünïcödé wörds', 'x8$kQ2!mPz'])(
    'like "%s" is fine',
    (password) => {
      expect(passwordProblem(password, 'margaret')).toBeUndefined()
    },
  )
})
