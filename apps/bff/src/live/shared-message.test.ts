import { describe, expect, it } from 'vitest'
import { vmExample } from '../../test/fake-doors.ts'
import { liveServer, nextChange, watch } from '../../test/live-test.ts'
import { textFrame } from './shared-message.ts'

describe('the frame of a text', () => {
  it.each([
    { length: 0, header: [0x81, 0] },
    { length: 125, header: [0x81, 125] },
    { length: 126, header: [0x81, 126, 0, 126] },
    { length: 65_535, header: [0x81, 126, 0xff, 0xff] },
    { length: 65_536, header: [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0] },
  ])('of $length bytes begins with them', ({ length, header }) => {
    const frame = textFrame('a'.repeat(length))
    expect([...frame.subarray(0, header.length)]).toEqual(header)
    expect(frame.subarray(header.length).toString()).toBe('a'.repeat(length))
  })

  it('counts bytes, not characters', () => {
    expect([...textFrame('ü')]).toEqual([0x81, 2, 0xc3, 0xbc])
  })
})

describe('a change', () => {
  it.each([
    ['short', 'a'],
    ['of some length, beyond ASCII', 'Прод-ü-'.repeat(40)],
    ['long', 'x'.repeat(70_000)],
  ])('that is %s comes to every viewer as it is', async (_what, title) => {
    await using server = await liveServer()
    const viewers = [await server.clientFor('viewer'), await server.clientFor('admin')]
    for (const viewer of viewers) await watch(viewer, 'fleet')
    const changes = viewers.map((viewer) => nextChange(viewer))
    const vm = vmExample({ title })
    server.doors.putVm(vm)
    for (const change of changes) {
      expect((await change).patch).toMatchObject({ vms: { [vm.uuid]: { title } } })
    }
  })
})
