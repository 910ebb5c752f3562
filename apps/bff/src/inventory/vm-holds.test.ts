import { describe, expect, it } from 'vitest'
import { VmHolds } from './vm-holds.ts'

describe('one change of a VM at a time', () => {
  it('refuses a second one with what is being done, and lets the next one in afterwards', async () => {
    const holds = new VmHolds()
    const { promise, resolve } = Promise.withResolvers<string>()
    const first = holds.during('a', 'It is being prepared.', () => promise)
    await expect(holds.during('a', 'Another.', () => Promise.resolve())).rejects.toMatchObject({
      code: 'refused',
      reasons: [{ code: 'resize-in-progress', message: 'It is being prepared.' }],
    })
    expect(await holds.during('b', 'Another VM.', () => Promise.resolve(1))).toBe(1)
    resolve('done')
    expect(await first).toBe('done')
    expect(await holds.during('a', 'Another.', () => Promise.resolve(2))).toBe(2)
  })

  it('ends with work that fails', async () => {
    const holds = new VmHolds()
    await expect(holds.during('a', 'First.', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await holds.during('a', 'Second.', () => Promise.resolve(2))).toBe(2)
  })
})
