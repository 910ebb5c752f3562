import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { XdrReader } from './xdr-reader.ts'
import { XdrWriter } from './xdr-writer.ts'

/** What RFC 4506 says, written with Node's own conversion. */
function byNode(text: string): Buffer {
  const bytes = Buffer.from(text)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes, Buffer.alloc(-bytes.length & 3)])
}

const ascii = fc.string({ unit: fc.integer({ min: 1, max: 127 }).map((code) => String.fromCharCode(code)) })
const any = fc.string({ unit: 'grapheme', maxLength: 60 }).filter((text) => !text.includes('\0'))
// Around the length from which on Node's conversion is used.
const edges = fc
  .tuple(fc.integer({ min: 36, max: 44 }), fc.constantFrom('a', 'ä', '\u{7f}', '\u{80}', '€'))
  .map(([length, last]) => 'x'.repeat(length - 1) + last)

describe('texts, short and long', () => {
  it('are the same bytes and the same text as by Node’s own conversion', () => {
    fc.assert(
      fc.property(fc.oneof(ascii, any, edges), (text) => {
        const writer = new XdrWriter()
        writer.string(text)
        expect(writer.take()).toEqual(byNode(text))
        // Behind other bytes, as in a packet.
        const packet = Buffer.concat([Buffer.from('before!!'), byNode(text)])
        const reader = new XdrReader().reset(packet, 8)
        expect(reader.string()).toBe(text)
        reader.finish()
      }),
    )
  })

  it('keep their limit and their ban on NUL however short they are', () => {
    expect(() => new XdrWriter().string('abc', 2)).toThrow('a text of 3 bytes is above the limit of 2')
    expect(() => new XdrWriter().string('a\0')).toThrow('may not contain a NUL')
  })
})
