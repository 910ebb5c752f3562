import { describe, expect, it } from 'vitest'
import { DefinitionCache } from './definition-cache.ts'
import { DomainXmlError } from './parse-domain-xml.ts'

const uuid = '11111111-2222-4333-8444-555555555555'
const text = (name: string) =>
  `<domain type='kvm'><name>${name}</name><uuid>${uuid}</uuid><vcpu current='1'>2</vcpu><os><type arch='x86_64' machine='q35'>hvm</type></os></domain>`

describe('the definitions that are kept', () => {
  it('gives the same object for the same text', () => {
    const cache = new DefinitionCache()
    expect(cache.parse(uuid, 'live', text('one'))).toBe(cache.parse(uuid, 'live', text('one')))
  })

  it('reads a changed text anew, and the one before again when it comes back', () => {
    const cache = new DefinitionCache()
    expect(cache.parse(uuid, 'live', text('one')).name).toBe('one')
    expect(cache.parse(uuid, 'live', text('two')).name).toBe('two')
    expect(cache.parse(uuid, 'live', text('one')).name).toBe('one')
  })

  it('keeps the running and the stored definition apart', () => {
    const cache = new DefinitionCache()
    const live = cache.parse(uuid, 'live', text('running'))
    expect(cache.parse(uuid, 'stored', text('stored')).name).toBe('stored')
    expect(cache.parse(uuid, 'live', text('running'))).toBe(live)
  })

  it('parses again what it was told to forget', () => {
    const cache = new DefinitionCache()
    const before = cache.parse(uuid, 'live', text('one'))
    cache.forget(uuid)
    const after = cache.parse(uuid, 'live', text('one'))
    expect(after).not.toBe(before)
    expect(after).toEqual(before)
  })

  it('keeps nothing of a text that cannot be read', () => {
    const cache = new DefinitionCache()
    expect(() => cache.parse(uuid, 'live', '<domain>')).toThrow(DomainXmlError)
    expect(cache.parse(uuid, 'live', text('one')).name).toBe('one')
  })
})
