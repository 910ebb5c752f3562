import { describe, expect, it } from 'vitest'
import { applyPatch } from '@coreshift/shared'
import type { LiveChange } from '@coreshift/shared/contract'
import { OTHER_VM_UUID, VM_UUID } from '../../test/examples.ts'
import { vmExample } from '../../test/fake-doors.ts'
import { liveServer, nextChange, resume, watch, type Client, type LiveTest } from '../../test/live-test.ts'

/** Changes the VM and waits until the viewer has it. */
async function rename(server: LiveTest, viewer: Client, name: string): Promise<LiveChange> {
  const change = nextChange(viewer)
  server.doors.putVm(vmExample({ name }))
  return change
}

async function disconnect(client: Client, server: LiveTest): Promise<void> {
  const before = server.live.sockets()
  client.disconnect()
  while (server.live.sockets() === before) await new Promise(setImmediate)
}

describe('a viewer who comes back', () => {
  it('gets only what it missed, and then every change', async () => {
    await using server = await liveServer()
    const token = await server.tokenFor('viewer')
    const [one, other] = [await server.connect({ token }), await server.connect({ token })]
    const started = await watch(one, 'fleet')
    await watch(other, 'fleet')
    const { rev, patch } = await rename(server, one, 'a')
    await disconnect(one, server)
    for (const name of ['b', 'c']) await rename(server, other, name)
    const back = await server.connect({ token })
    const answer = await resume(back, 'fleet', { ...started, rev })
    expect(answer).toMatchObject({ feed: started.feed, rev: rev + 2 })
    expect(answer.missed).toHaveLength(2)
    const value = [patch, ...answer.missed].reduce<unknown>(applyPatch, started.snapshot)
    expect(value).toMatchObject({ vms: [{ uuid: VM_UUID, name: 'c' }] })
    expect((await rename(server, back, 'd')).rev).toBe(rev + 3)
  })

  it('gets it also when it was the only one, all in one change', async () => {
    await using server = await liveServer()
    const token = await server.tokenFor('viewer')
    const first = await server.connect({ token })
    const started = await watch(first, 'fleet')
    await disconnect(first, server)
    expect(server.live.topics()).toBe(0)
    for (const name of ['b', 'c']) server.doors.putVm(vmExample({ name }))
    const answer = await resume(await server.connect({ token }), 'fleet', started)
    expect(answer.rev).toBe(started.rev + 1)
    expect(answer.missed.reduce<unknown>(applyPatch, started.snapshot)).toMatchObject({
      vms: [{ name: 'c' }],
    })
  })

  it('gets nothing when it missed nothing', async () => {
    await using server = await liveServer()
    const client = await server.clientFor('viewer')
    const started = await watch(client, `vm:${VM_UUID}`)
    expect(await resume(client, `vm:${VM_UUID}`, started)).toMatchObject({ rev: started.rev, missed: [] })
  })

  it.each([
    ['of before what is kept', { rev: 0 }],
    ['that was never published', { rev: Number.MAX_SAFE_INTEGER }],
    ['of another server', { feed: 'another' }],
  ])('starts from a snapshot with a revision %s', async (_what, changes) => {
    await using server = await liveServer()
    const client = await server.clientFor('viewer')
    const started = await watch(client, 'fleet')
    const again = await watch(client, 'fleet', { feed: started.feed, rev: started.rev, ...changes })
    expect(again).toEqual(started)
  })

  it('starts from a snapshot when it sees another part of the fleet now', async () => {
    await using server = await liveServer()
    server.doors.putVm(vmExample({ uuid: OTHER_VM_UUID, name: 'db-1' }))
    const whole = await watch(await server.clientFor('viewer'), 'fleet')
    const { secret } = await server.identity.tokens.create(
      { name: 'limited', role: 'viewer', limitedTo: { vmNames: 'web-*' } },
      { kind: 'user', name: 'root' },
    )
    const limited = await watch(await server.connect({ token: secret }), 'fleet', {
      feed: whole.feed,
      rev: whole.rev,
    })
    expect(limited.snapshot).toMatchObject({ vms: [{ uuid: VM_UUID }] })
    expect((limited.snapshot as { vms: unknown[] }).vms).toHaveLength(1)
  })
})
