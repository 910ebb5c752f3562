import { describe, expect, it } from 'vitest'
import { fromInstantField, toInstantField } from './instant-field.ts'

describe('a field for an instant', () => {
  it('holds the time in UTC where the page shows UTC', () => {
    expect(toInstantField('2026-11-22T12:03:04.000Z', 'UTC')).toBe('2026-11-22T12:03')
    expect(fromInstantField('2026-11-22T12:03', 'UTC')).toBe('2026-11-22T12:03:00.000Z')
  })

  it.each([undefined, 'UTC'])('gives back what it was given in the zone %s', (zone) => {
    const instant = '2026-07-01T23:59:00.000Z'
    expect(fromInstantField(toInstantField(instant, zone), zone)).toBe(instant)
  })

  it.each(['', 'yesterday'])('says nothing for %j', (text) => {
    expect(fromInstantField(text, 'UTC')).toBeUndefined()
    expect(toInstantField(text, undefined)).toBe('')
  })
})
