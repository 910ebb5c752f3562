import { describe, expect, it } from 'vitest'
import { libosinfoDetector } from './detect-libosinfo.ts'

describe('the name of a system that libosinfo names', () => {
  const detect = libosinfoDetector({
    patterns: [],
    entries: [{ id: 'http://debian.org/debian/12', name: 'Debian 12' }],
    otherLinuxVendors: [],
  })

  it.each([
    ['http://debian.org/debian/12', 'Debian 12'],
    ['http://rockylinux.org/rocky/9.4', 'rocky 9.4'],
    ['https://microsoft.com/win/2k25/', 'win 2k25'],
    ['http://example.org/', 'http://example.org/'],
    ['rocky9', 'rocky9'],
  ])('%s reads %s', (id, name) => {
    expect(detect(id).name).toBe(name)
  })
})
