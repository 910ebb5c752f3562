import { describe, expect, it } from 'vitest'
import { OLD_HOST } from './host-kind.ts'
import { layoutOf, realHostDir, uuidOf } from './layout.ts'

describe('where the real host lies', () => {
  it.each([
    [{ CORESHIFT_REAL_DIR: '/srv/host', XDG_CACHE_HOME: '/cache' }, '/srv/host'],
    [{ XDG_CACHE_HOME: '/cache' }, '/cache/coreshift/real-host'],
    [{ CORESHIFT_REAL_DIR: '', XDG_CACHE_HOME: '/cache' }, '/cache/coreshift/real-host'],
  ])('%j is %s', (env, dir) => {
    expect(realHostDir(env)).toBe(dir)
  })

  it('offers libvirt’s socket to the outside', () => {
    const layout = layoutOf('/srv/host')
    expect(layout.socketPath).toBe('/srv/host/root/run/libvirt/libvirt-sock')
    expect(layout.uri).toBe('qemu+unix:///system?socket=/srv/host/root/run/libvirt/libvirt-sock')
  })

  it('keeps the two hosts apart but for the lock and the boot files', () => {
    const here = layoutOf('/srv/host')
    const old = layoutOf('/srv/host', OLD_HOST)
    for (const name of ['root', 'consoles', 'logs', 'runRecord', 'socketPath'] as const) {
      expect(old[name]).not.toBe(here[name])
    }
    for (const name of ['lockFile', 'kernels', 'guests'] as const) expect(old[name]).toBe(here[name])
  })

  it('refuses a folder in which no socket can be opened', () => {
    expect(() => layoutOf(`/${'long/'.repeat(20)}`)).toThrow('name a folder with a shorter path')
  })
})

describe('an identity made from a text', () => {
  it('is a UUID, the same for the same text and another for another', () => {
    expect(uuidOf('a')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(uuidOf('a')).toBe(uuidOf('a'))
    expect(uuidOf('a')).not.toBe(uuidOf('b'))
  })
})
