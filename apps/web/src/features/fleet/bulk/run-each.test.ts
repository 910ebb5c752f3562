import { describe, expect, it } from 'vitest'
import { runEach, type Outcome } from './run-each.ts'

describe('a command for several machines', () => {
  it('goes on after one that fails, and tells what became of each', async () => {
    const ends = new Map<string, Outcome<string>>()
    await runEach(
      ['a', 'b', 'c'],
      2,
      (key) => (key === 'b' ? Promise.reject(new Error('refused')) : Promise.resolve(key.toUpperCase())),
      (key, outcome) => ends.set(key, outcome),
    )
    expect(ends.get('a')).toEqual({ kind: 'done', result: 'A' })
    expect(ends.get('b')).toMatchObject({ kind: 'failed', error: { message: 'refused' } })
    expect(ends.get('c')).toEqual({ kind: 'done', result: 'C' })
  })

  it('never has more under way than it may', async () => {
    let underWay = 0
    let most = 0
    await runEach(
      Array.from({ length: 20 }, (_, index) => String(index)),
      3,
      async () => {
        underWay += 1
        most = Math.max(most, underWay)
        await Promise.resolve()
        underWay -= 1
      },
      () => undefined,
    )
    expect(most).toBe(3)
  })
})
