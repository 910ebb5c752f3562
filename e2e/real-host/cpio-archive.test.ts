import { describe, expect, it } from 'vitest'
import { cpioArchive } from './cpio-archive.ts'

interface Found {
  readonly name: string
  readonly mode: string
  readonly data: string
}

function entriesOf(archive: Buffer): readonly Found[] {
  const found: Found[] = []
  const align = (offset: number): number => Math.ceil(offset / 4) * 4
  const field = (offset: number, place: number): number =>
    Number.parseInt(archive.toString('latin1', offset + 6 + place * 8, offset + 14 + place * 8), 16)
  let offset = 0
  while (offset < archive.length) {
    expect(archive.toString('latin1', offset, offset + 6)).toBe('070701')
    const size = field(offset, 6)
    const nameEnd = offset + 110 + field(offset, 11)
    const data = align(nameEnd)
    found.push({
      name: archive.toString('latin1', offset + 110, nameEnd - 1),
      mode: field(offset, 1).toString(8),
      data: archive.toString('latin1', data, data + size),
    })
    offset = align(data + size)
  }
  return found
}

describe('the archive of a guest’s initial file system', () => {
  it('holds each entry with its kind and content, folders first and once, and an end mark', () => {
    const archive = cpioArchive([
      { kind: 'file', path: 'bin/tool', data: Buffer.from('#!'), executable: true },
      { kind: 'link', path: 'bin/sh', target: 'tool' },
      { kind: 'file', path: 'etc/deep/note', data: Buffer.from('abcde'), executable: false },
      { kind: 'folder', path: 'etc' },
      { kind: 'character device', path: 'dev/console', major: 5, minor: 1 },
    ])
    expect(entriesOf(archive)).toEqual([
      { name: 'bin', mode: '40755', data: '' },
      { name: 'bin/tool', mode: '100755', data: '#!' },
      { name: 'bin/sh', mode: '120777', data: 'tool' },
      { name: 'etc', mode: '40755', data: '' },
      { name: 'etc/deep', mode: '40755', data: '' },
      { name: 'etc/deep/note', mode: '100644', data: 'abcde' },
      { name: 'dev', mode: '40755', data: '' },
      { name: 'dev/console', mode: '20600', data: '' },
      { name: 'TRAILER!!!', mode: '0', data: '' },
    ])
  })
})
