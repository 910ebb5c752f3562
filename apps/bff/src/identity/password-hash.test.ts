import { describe, expect, it } from 'vitest'
import { CONCURRENT_HASHES_MAX, WAITING_HASHES_MAX, createPasswordHasher } from './password-hash.ts'

describe('password hashes', () => {
  it('are argon2id in PHC form, with another salt each time', async () => {
    const hasher = createPasswordHasher()
    const [one, two] = await Promise.all([
      hasher.hash('tin canoe lamp orbit'),
      hasher.hash('tin canoe lamp orbit'),
    ])
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    expect(one).not.toBe(two)
  })

  it('fit their password and no other, however its characters are composed', async () => {
    const hasher = createPasswordHasher()
    const stored = await hasher.hash('Käse und Brot')
    expect(await hasher.verify('Käse und Brot', stored)).toBe(true)
    expect(await hasher.verify('Ka\u0308se und Brot', stored)).toBe(true)
    expect(await hasher.verify('Kase und Brot', stored)).toBe(false)
    expect(await hasher.verify('', stored)).toBe(false)
  })

  it.each([
    '',
    'plain',
    '$2b$10$abcdefghijklmnopqrstuv',
    '$argon2i$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$c29tZXNhbHRzb21lc2FsdA',
    '$argon2id$v=19$m=9999999,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$c29tZXNhbHRzb21lc2FsdHNvbWVzYWx0',
    '$argon2id$v=19$m=19456,t=99,p=1$c29tZXNhbHRzb21lc2FsdA$c29tZXNhbHRzb21lc2FsdHNvbWVzYWx0',
  ])('that are none, or that would cost too much, fit nothing: %s', async (stored) => {
    expect(await createPasswordHasher().verify('password', stored)).toBe(false)
  })

  it('are refused when too many wait', async () => {
    const hasher = createPasswordHasher()
    const hashes = Array.from({ length: CONCURRENT_HASHES_MAX + WAITING_HASHES_MAX + 3 }, () =>
      hasher.pretend('tin canoe lamp orbit'),
    )
    const results = await Promise.allSettled(hashes)
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(3)
    await expect(hasher.hash('tin canoe lamp orbit')).resolves.toBeDefined()
  })
})
