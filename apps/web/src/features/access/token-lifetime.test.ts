import { describe, expect, it } from 'vitest'
import { readLifetime } from './token-lifetime.ts'

const NOW = Date.parse('2026-11-22T12:00:00.000Z')

describe('how long a token is good for', () => {
  it.each([
    ['30', '', '2026-12-22T12:00:00.000Z'],
    ['365', '', '2027-11-22T12:00:00.000Z'],
    ['day', '2026-11-22', '2026-11-23T00:00:00.000Z'],
    ['ever', '', undefined],
  ] as const)('%s %s: ends %s', (lifetime, lastDay, expiresAt) => {
    expect(readLifetime(lifetime, lastDay, NOW)).toEqual({ ok: true, expiresAt })
  })

  it.each(['', '2026-11-21', 'tomorrow'])('the day %j is none to end on', (lastDay) => {
    expect(readLifetime('day', lastDay, NOW)).toEqual({ ok: false })
  })
})
