import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readOrCreateSigningKey } from './signing-key.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'coreshift-key-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('the signing key', () => {
  it('is made once, and only the owner may read it', () => {
    const data = join(folder, 'data')
    const key = readOrCreateSigningKey(data)
    expect(key).toHaveLength(43)
    expect(readOrCreateSigningKey(data)).toBe(key)
    expect(statSync(join(data, 'secret.key')).mode & 0o777).toBe(0o600)
    expect(statSync(data).mode & 0o777).toBe(0o700)
  })

  it('is not replaced silently when it is damaged', () => {
    writeFileSync(join(folder, 'secret.key'), 'cut')
    expect(() => readOrCreateSigningKey(folder)).toThrow(/is damaged/)
  })
})
