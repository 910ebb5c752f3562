import { describe, expect, it } from 'vitest'
import { readinessOf } from './readiness.ts'

describe('readiness', () => {
  it('names every cause: what says so, what throws, and what does not answer', async () => {
    const never = new Promise<undefined>(() => undefined)
    expect(
      await readinessOf(
        [
          { name: 'good', check: () => Promise.resolve(undefined) },
          { name: 'bad', check: () => Promise.resolve('open resizes are being taken up') },
          { name: 'broken', check: () => Promise.reject(new Error('the database is gone')) },
          { name: 'stuck', check: () => never },
        ],
        1,
      ),
    ).toEqual({
      ready: false,
      checks: [
        { name: 'good', ok: true },
        { name: 'bad', ok: false, cause: 'open resizes are being taken up' },
        { name: 'broken', ok: false, cause: 'the database is gone' },
        { name: 'stuck', ok: false, cause: 'no answer within 1 ms' },
      ],
    })
  })
})
