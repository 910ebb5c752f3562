import { DemoGuest } from '@coreshift/shared/contract'
import { describe, expect, it } from 'vitest'
import { testServer } from '../../test/test-server.ts'
import { VM_UUID } from '../../test/examples.ts'
import { wiredServer, type WiredServer } from '../../test/wired-server.ts'

const lab = (): Promise<WiredServer> =>
  wiredServer([
    {
      name: 'lab',
      version: '12.8.0',
      vms: [{ name: 'guest', os: 'rhel-9', sockets: 4, maxSockets: 8, boot: 'prepared' }],
    },
  ])

describe('the door behind the scenes of the demo', () => {
  it('makes a guest refuse: the resize that follows says so', async () => {
    await using server = await lab()
    const token = await server.tokenFor('operator')
    const { uuid } = server.vm('guest')
    const path = `/api/v1/demo/vms/${uuid}`
    const before = DemoGuest.parse(await (await server.call('GET', path, { token })).json())
    expect(before).toMatchObject({ behaviour: 'prompt', running: true, asked: [] })
    expect(before.behaviours).toContain('refuses')

    const after = await server.call('PATCH', path, { token, body: { behaviour: 'refuses' } })
    expect(DemoGuest.parse(await after.json()).behaviour).toBe('refuses')
    const answer = await server.call('POST', `/api/v1/vms/${uuid}/resizes`, {
      token,
      body: { sockets: 3, policy: { attempts: 1, deadlineMs: 5000, ending: 'fail' } },
    })
    const { id } = (await answer.json()) as { id: string }
    const ended = await server.ended(id)
    expect(ended.vcpus.map(({ state }) => state)).toEqual(['refused'])
  })

  it.each([
    [{}, 'one of behaviour'],
    [{ behaviour: 'dances' }, 'prompt, slow'],
    [{ agent: 'asleep' }, 'absent, present, hanging'],
    [{ act: 'explode' }, 'crash, reboot'],
    [{ answer: { vcpu: 3, how: 'let-go' } }, 'vCPU 3 of'],
  ])('says what would be right when %j is asked', async (body, words) => {
    await using server = await lab()
    const token = await server.tokenFor('operator')
    const answer = await server.call('PATCH', `/api/v1/demo/vms/${server.vm('guest').uuid}`, { token, body })
    expect(answer.status).toBe(400)
    expect(JSON.stringify(await answer.json())).toContain(words)
  })

  it('stops and starts the daemon of a host', async () => {
    await using server = await lab()
    const token = await server.tokenFor('operator')
    const steer = (act: string) => server.call('PATCH', '/api/v1/demo/hosts/lab', { token, body: { act } })
    expect((await steer('stop-daemon')).status).toBe(204)
    await server.vmWhen('guest', (vm) => vm.stale)
    expect((await steer('start-daemon')).status).toBe(204)
    await server.vmWhen('guest', (vm) => !vm.stale)
    expect(
      (await server.call('PATCH', '/api/v1/demo/hosts/other', { token, body: { act: 'stop-daemon' } }))
        .status,
    ).toBe(404)
  })

  it('is not there where nothing is simulated', async () => {
    await using server = await testServer()
    const token = await server.tokenFor('admin')
    expect((await server.call('GET', `/api/v1/demo/vms/${VM_UUID}`, { token })).status).toBe(404)
  })
})
