import { describe, expect, it } from 'vitest'
import { DATABASE_KINDS, testDatabase } from '../../test/databases.ts'
import { AT, OTHER_VM_UUID, VM_UUID } from '../../test/examples.ts'
import { createKeptDefinitionRepository } from './kept-definition-repository.ts'

describe.each(DATABASE_KINDS)('what undoing a preparation needs, on %s', (kind) => {
  it('is kept for each VM until it is used', async () => {
    await using test = await testDatabase(kind)
    const kept = createKeptDefinitionRepository({ database: test.database, now: () => AT })
    expect(await kept.read(VM_UUID)).toBeUndefined()
    await kept.write(VM_UUID, { cpu: false, vcpu: { attributes: { current: '2' }, text: '4' } })
    await kept.write(OTHER_VM_UUID, { cpu: true, topology: { sockets: '4' } })
    const later = createKeptDefinitionRepository({ database: await test.reopen(), now: () => AT })
    expect(await later.read(VM_UUID)).toEqual({
      cpu: false,
      vcpu: { attributes: { current: '2' }, text: '4' },
    })
    await later.write(VM_UUID, undefined)
    expect(await kept.read(VM_UUID)).toBeUndefined()
    expect(await kept.read(OTHER_VM_UUID)).toEqual({ cpu: true, topology: { sockets: '4' } })
  })
})
