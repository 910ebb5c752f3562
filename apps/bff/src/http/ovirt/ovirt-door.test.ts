import { describe, expect, it } from 'vitest'
import type { VmSpec } from '@coreshift/demo-host'
import { wiredServer, type WiredServer } from '../../../test/wired-server.ts'
import { ovirtStatus } from './ovirt-status.ts'

const XML = { 'Content-Type': 'application/xml' }
const WEB: VmSpec = { name: 'web', os: 'rhel-9', sockets: 1, maxSockets: 8 }

interface OvirtLab extends WiredServer {
  /** `--user user@domain:pass`. */
  readonly user: string
  put(name: string, body: string, headers?: Record<string, string>): Promise<Response>
}

async function lab(...vms: VmSpec[]): Promise<OvirtLab> {
  const server = await wiredServer([{ name: 'lab', version: '12.8.0', vms }])
  const user = (await server.account('olga', 'operator')).replace(':', '@internal:')
  return {
    ...server,
    user,
    put: (name, body, headers = XML) =>
      server.call('PUT', `/ovirt-engine/api/vms/${server.vm(name).uuid}`, { basic: user, body, headers }),
  }
}

describe('the documented request', () => {
  it.each([
    ['as printed', '      <topology sockets="2" cores="1"></topology>\n'],
    ['within a VM', '<vm><cpu><topology sockets="2" cores="1"/></cpu></vm>'],
    ["in oVirt 4's form", '<vm><cpu><topology><sockets>2</sockets></topology></cpu></vm>'],
  ])('plugs one CPU into the running VM, %s', async (_title, body) => {
    await using server = await lab(WEB)
    const response = await server.put('web', body)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toMatch(/^application\/xml/)
    const xml = await response.text()
    expect(xml).toContain('<sockets>2</sockets>')
    expect(xml).toContain('<status>up</status>')
    expect(server.vm('web')).toMatchObject({ sockets: 2, vcpuCount: 2 })
    expect(server.vm('web').nextBootSockets).toBeUndefined()
    const { items } = await server.audit.list({ actor: 'olga' }, { limit: 20 })
    expect(items.map(({ action }) => action)).toContain('resize.requested')
  })

  it('works in JSON too', async () => {
    await using server = await lab(WEB)
    const json = { 'Content-Type': 'application/json', Accept: 'application/json' }
    const response = await server.put('web', '{"cpu":{"topology":{"sockets":"3"}}}', json)
    expect(await response.json()).toMatchObject({
      id: server.vm('web').uuid,
      href: `/ovirt-engine/api/vms/${server.vm('web').uuid}`,
      cpu: { architecture: 'x86_64', topology: { sockets: '3', cores: '1', threads: '1' } },
      status: 'up',
      next_run_configuration_exists: 'false',
    })
  })
})

describe('description and sockets together', () => {
  const body = '<vm><description>front</description><cpu><topology sockets="1"/></cpu></vm>'

  it('keep the description and the old sockets when the live change fails, and the audit has it', async () => {
    await using server = await lab({ ...WEB, sockets: 2, behaviour: 'refuses' })
    const admin = await server.tokenFor('admin')
    const { settings } = server.services
    const chosen = { ...settings.current(), defaultPolicy: 'strict' as const }
    await server.call('PUT', '/api/v1/settings', { token: admin, body: chosen })
    const response = await server.put('web', body)
    expect(response.status).toBe(200)
    const xml = await response.text()
    expect(xml).toContain('<description>front</description>')
    expect(xml).toContain('<sockets>2</sockets>')
    expect(server.vm('web').nextBootSockets).toBeUndefined()
    const { items } = await server.audit.list({ action: 'resize.finished' }, { limit: 5 })
    expect(items).toMatchObject([{ outcome: 'refused', vmName: 'web' }])
  })

  it('keep the description when the sockets are refused, with the fault as the answer', async () => {
    await using server = await lab(WEB)
    const response = await server.put('web', body.replace('"1"', '"9"'))
    expect(response.status).toBe(409)
    const fault = await response.text()
    expect(fault).toContain('<reason>Operation Failed</reason>')
    expect(fault).toMatch(/<detail>\[.*8 sockets.*\]<\/detail>/)
    expect(server.vm('web')).toMatchObject({ description: 'front', sockets: 1 })
    const { items } = await server.audit.list({ action: 'resize.refused' }, { limit: 5 })
    expect(items).toMatchObject([
      { outcome: 'refused', detail: { codes: ['above-maximum', 'above-maximum'] } },
    ])
  })
})

it('other cores of a running VM are staged for the next boot', async () => {
  await using server = await lab({ ...WEB, sockets: 2 })
  const response = await server.put('web', '<vm><cpu><topology sockets="2" cores="2"/></cpu></vm>')
  expect(response.status).toBe(200)
  const xml = await response.text()
  expect(xml).toContain('<cores>1</cores>')
  expect(xml).toContain('<next_run_configuration_exists>true</next_run_configuration_exists>')
  const vm = await server.vmWhen('web', ({ nextBootVcpuCount }) => nextBootVcpuCount === 4)
  expect(vm).toMatchObject({ vcpuCount: 2, nextBootSockets: 2, topology: { cores: 1 } })
  // Asked for again, it is no change, as in oVirt.
  expect((await server.put('web', '<vm><cpu><topology sockets="2" cores="2"/></cpu></vm>')).status).toBe(200)
})

it('a VM that is down takes more sockets than it has room for', async () => {
  await using server = await lab({ ...WEB, sockets: 2, state: 'off' })
  const response = await server.put('web', '<vm><cpu><topology sockets="20" cores="1"/></cpu></vm>')
  expect(response.status).toBe(200)
  expect(server.vm('web')).toMatchObject({ status: 'down', sockets: 20, socketsMax: 20 })
})

describe('who may come in', () => {
  it('is asked for name and password, and told nothing without', async () => {
    await using server = await lab(WEB)
    const path = '/ovirt-engine/api/vms'
    for (const basic of [undefined, 'olga@internal:wrong password', 'nobody@internal:wrong password']) {
      const response = await server.call('GET', path, basic === undefined ? {} : { basic })
      expect(response.status).toBe(401)
      expect(response.headers.get('www-authenticate')).toMatch(/^Basic realm=/)
      expect(await response.text()).toContain('<fault>')
    }
    const listed = await server.call('GET', path, { basic: server.user })
    expect(await listed.text()).toContain(`<vm href="${path}/${server.vm('web').uuid}"`)
    const refusals = await server.audit.list({ action: 'session.refused' }, { limit: 5 })
    expect(refusals.items).toHaveLength(2)
  })

  it('may look but not change with the role viewer', async () => {
    await using server = await lab(WEB)
    const basic = await server.account('vera', 'viewer')
    const path = `/ovirt-engine/api/vms/${server.vm('web').uuid}`
    expect((await server.call('GET', path, { basic })).status).toBe(200)
    const body = '<topology sockets="2"/>'
    expect((await server.call('PUT', path, { basic, body, headers: XML })).status).toBe(403)
    expect(server.vm('web').sockets).toBe(1)
  })

  it("is not another site's page with the browser's remembered password", async () => {
    await using server = await lab(WEB)
    const response = await server.put('web', '<topology sockets="2"/>', {
      ...XML,
      Origin: 'https://elsewhere.example',
    })
    expect(response.status).toBe(403)
    expect(server.vm('web').sockets).toBe(1)
  })
})

it('the number that runs is stored again where another one was staged for the next boot', async () => {
  await using server = await lab({ ...WEB, sockets: 2, nextBootVcpus: 4 })
  expect(server.vm('web')).toMatchObject({ sockets: 2, nextBootSockets: 4 })
  expect((await server.put('web', '<topology sockets="2"/>')).status).toBe(200)
  expect(server.vm('web').nextBootSockets).toBeUndefined()
  expect(server.vm('web').sockets).toBe(2)
})

it('guessing passwords is slowed down, while refused changes cost nothing', async () => {
  await using server = await lab(WEB)
  for (let time = 0; time < 35; time += 1) {
    expect((await server.put('web', '<topology sockets="99"/>')).status).toBe(409)
  }
  const path = '/ovirt-engine/api/vms'
  const statuses = new Set<number>()
  for (let time = 0; time < 8; time += 1) {
    statuses.add((await server.call('GET', path, { basic: 'olga:guess' })).status)
  }
  expect([...statuses]).toEqual([401, 429])
})

describe('what is not there', () => {
  it('is a fault in the form that was asked for', async () => {
    await using server = await lab(WEB)
    const get = (path: string) =>
      server.call('GET', `/ovirt-engine/api${path}`, {
        basic: server.user,
        headers: { Accept: 'application/json' },
      })
    for (const path of ['/vms/6f1f7d3a-58b4-4c0f-9d4e-0c7c5be4afff', '/vms/x', '/hosts']) {
      const response = await get(path)
      expect(response.status).toBe(404)
      expect(await response.json()).toMatchObject({ reason: 'Operation Failed' })
    }
    const posted = await server.call('POST', '/ovirt-engine/api/vms', { basic: server.user, body: '<vm/>' })
    expect(posted.status).toBe(405)
    expect((await server.put('web', 'text', { 'Content-Type': 'text/plain' })).status).toBe(415)
    expect((await server.put('web', '<vm/>')).status).toBe(400)
  })
})

it.each([
  [{ status: 'up', stale: false }, 'up'],
  [{ status: 'powering-up', stale: false }, 'powering_up'],
  [{ status: 'powering-down', stale: false }, 'powering_down'],
  [{ status: 'saving', stale: false }, 'saving_state'],
  [{ status: 'up', stale: true }, 'unknown'],
] as const)('the status %j is %s in oVirt', (vm, expected) => {
  expect(ovirtStatus(vm)).toBe(expected)
})
