import { NextBootForecast, VmChange } from '@coreshift/shared/contract'
import { describe, expect, it } from 'vitest'
import { wiredServer, type WiredServer } from '../../test/wired-server.ts'

const lab = (): Promise<WiredServer> =>
  wiredServer([
    {
      name: 'lab',
      version: '12.8.0',
      vms: [{ name: 'web', os: 'rhel-9', sockets: 4, maxSockets: 8 }],
    },
  ])

/** vCPUs of the stored definition. */
async function storedVcpus(server: WiredServer, token: string): Promise<number[]> {
  const path = `/api/v1/vms/${server.vm('web').uuid}/forecast`
  const { vcpus } = NextBootForecast.parse(await (await server.call('GET', path, { token })).json())
  return vcpus.filter(({ nextBoot }) => nextBoot !== 'absent').map(({ id }) => id)
}

async function patch(server: WiredServer, token: string, body: object): Promise<VmChange> {
  const path = `/api/v1/vms/${server.vm('web').uuid}`
  return VmChange.parse(await (await server.call('PATCH', path, { token, body })).json())
}

describe('sockets of a running VM, changed with its description', () => {
  it('are stored for the next boot once the live change is done', async () => {
    await using server = await lab()
    const token = await server.tokenFor('operator')
    const { sockets } = await patch(server, token, { sockets: 2 })
    if (!sockets?.ok) throw new Error('the resize was refused')
    expect(sockets.operation).toMatchObject({ mode: 'both' })
    expect(await server.ended(sockets.operation.id)).toMatchObject({ state: 'converged' })
    expect(await storedVcpus(server, token)).toEqual([0, 1])
  })

  it('keep their stored value when the guest refuses, while the description is saved', async () => {
    await using server = await lab()
    server.demo.control.setGuest('lab', 'web', { behaviour: 'refuses' })
    const token = await server.tokenFor('operator')
    const { sockets } = await patch(server, token, { description: 'front', sockets: 2, policy: 'strict' })
    if (!sockets?.ok) throw new Error('the resize was refused')
    const ended = await server.ended(sockets.operation.id)
    expect(['failed', 'rolled-back']).toContain(ended.state)
    expect(await storedVcpus(server, token)).toEqual([0, 1, 2, 3])
    expect(server.vm('web')).toMatchObject({ description: 'front', sockets: 4 })
    const { items } = await server.audit.list({ operation: ended.id }, { limit: 100 })
    expect(items).toContainEqual(expect.objectContaining({ action: 'resize.finished', outcome: 'refused' }))
  })
})

it('chosen vCPUs are the ones that the stored definition loses', async () => {
  await using server = await lab()
  const token = await server.tokenFor('operator')
  const path = `/api/v1/vms/${server.vm('web').uuid}/resizes`
  for (const [removeVcpus, mode, left] of [
    [[2], 'both', [0, 1, 3]],
    [[1], 'nextBoot', [0, 3]],
  ] as const) {
    const response = await server.call('POST', path, { token, body: { removeVcpus, mode } })
    const { id } = (await response.json()) as { id: string }
    expect(await server.ended(id)).toMatchObject({ state: 'converged' })
    expect(await storedVcpus(server, token)).toEqual(left)
  }
})
