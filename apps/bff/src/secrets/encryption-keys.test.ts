import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openEncryptionKeys } from './encryption-keys.ts'
import { UnreadableSecretError, derivedSecretBox, keyIdOf } from './secret-box.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'coreshift-keys-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const linesOf = (): string[] => readFileSync(join(folder, 'encryption.keys'), 'utf8').trim().split('\n')

describe('the encryption keys', () => {
  it('are made once in a file that only its owner may read', () => {
    const first = openEncryptionKeys(folder)
    expect(openEncryptionKeys(folder).newestId()).toBe(first.newestId())
    expect(statSync(join(folder, 'encryption.keys')).mode & 0o777).toBe(0o600)
    expect(linesOf()).toHaveLength(1)
  })

  it('open what they sealed, for the same purpose only, and never the same way twice', () => {
    const keys = openEncryptionKeys(folder)
    const sealed = keys.seal('swordfish', 'host:1')
    expect(keys.open(sealed, 'host:1')).toBe('swordfish')
    expect(sealed).not.toContain('swordfish')
    expect(keys.seal('swordfish', 'host:1')).not.toBe(sealed)
    expect(() => keys.open(sealed, 'host:2')).toThrow(UnreadableSecretError)
  })

  it('find out every changed or shortened byte', () => {
    const box = derivedSecretBox('a secret of some length', 'test')
    const sealed = box.seal('swordfish', 'p')
    const bytes = Buffer.from(sealed.slice(2), 'base64url')
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const other = Buffer.from(bytes)
        other[at] = (other[at] ?? 0) ^ change
        expect(() => box.open(`d.${other.toString('base64url')}`, 'p')).toThrow(UnreadableSecretError)
        expect(() => box.open(`d.${bytes.subarray(0, at).toString('base64url')}`, 'p')).toThrow(
          UnreadableSecretError,
        )
      }),
    )
  })

  it('are rotated while another process holds them: both open old and new', () => {
    const server = openEncryptionKeys(folder)
    const old = server.seal('old', 'p')
    const commandLine = openEncryptionKeys(folder)
    commandLine.addKey()
    const fresh = commandLine.seal('fresh', 'p')
    expect(keyIdOf(fresh)).not.toBe(keyIdOf(old))
    expect(server.open(fresh, 'p')).toBe('fresh')
    expect(keyIdOf(server.seal('more', 'p'))).toBe(keyIdOf(fresh))
    commandLine.dropOldKeys()
    expect(linesOf()).toHaveLength(2)
    expect(openEncryptionKeys(folder).open(old, 'p')).toBe('old')
    commandLine.addKey()
    commandLine.dropOldKeys()
    expect(() => openEncryptionKeys(folder).open(old, 'p')).toThrow(/not in .*encryption\.keys/)
  })

  it.each(['', 'short\n', 'AAAA\nBBBB\n'])(
    'are not replaced silently when the file is damaged: %j',
    (text) => {
      writeFileSync(join(folder, 'encryption.keys'), text)
      expect(() => openEncryptionKeys(folder)).toThrow(/is damaged/)
    },
  )
})
