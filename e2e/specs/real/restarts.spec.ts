import { expect, test } from '@playwright/test'
import type { Operation } from '@coreshift/shared/contract'
import { realHost, realHostUri } from '../../real-host/real-host.ts'
import { Api } from '../../support/api.ts'
import { Product } from '../../support/product.ts'

// Whatever dies while a removal is pending, the record ends in the truth without anyone's click.

const host = realHost()
let product: Product
let api: Api

test.beforeAll(async () => {
  product = await Product.start({ hosts: `real=${realHostUri()}` })
  api = new Api(product.url, await product.admin(['token', 'create', '--name', 'checks', '--role', 'admin']))
  await expect.poll(() => api.vmNamed('held'), { timeout: 30_000 }).toBeDefined()
})

test.afterAll(async () => {
  await host.startDaemon()
  await product.stop()
})

/** Brings `held` to 3 sockets and asks for 2: the guest lets go at once, the completion is held back for ever. */
async function leavePending(deadlineMs: number): Promise<{ uuid: string; id: string }> {
  await host.resetGuest('held')
  await expect.poll(async () => (await api.vmNamed('held'))?.status, { timeout: 30_000 }).toBe('up')
  const vm = await api.vmNamed('held')
  if (!vm) throw new Error('the product does not show held')
  const acknowledge = ['unverified-guest-os']
  const up = await api.request<Operation>('POST', `/api/v1/vms/${vm.uuid}/resizes`, {
    sockets: 3,
    acknowledge,
  })
  expect(up.status).toBe(202)
  await expect.poll(() => stateOf(up.body.id)).toBe('converged')
  await host.waitForOnline('held', '0-2')
  const down = await api.request<Operation>('POST', `/api/v1/vms/${vm.uuid}/resizes`, {
    sockets: 2,
    policy: { deadlineMs, attempts: 4, ending: 'reconcile' },
    acknowledge,
  })
  expect(down.status).toBe(202)
  await expect.poll(() => stateOf(down.body.id)).toBe('pending')
  await host.waitForOnline('held', '0-1')
  return { uuid: vm.uuid, id: down.body.id }
}

async function stateOf(id: string): Promise<string> {
  return (await api.get<Operation>(`/api/v1/resizes/${id}`)).state
}

async function expectOneOpeningAndOneClosing(uuid: string, id: string): Promise<void> {
  const story = (await api.audit(uuid)).filter((entry) => entry.operation === id)
  expect(story.filter((entry) => entry.action === 'resize.requested')).toHaveLength(1)
  expect(story.filter((entry) => entry.action === 'resize.finished')).toHaveLength(1)
  const verification = await api.get<{ ok: boolean }>('/api/v1/audit/verify')
  expect(verification.ok).toBe(true)
}

test('libvirtd killed and started again while a removal is pending', async () => {
  const { uuid, id } = await leavePending(6000)
  await host.killDaemon()
  await expect.poll(async () => (await api.vm(uuid)).stale).toBe(true)
  await host.startDaemon()
  await expect.poll(() => stateOf(id), { timeout: 60_000 }).toBe('converged')
  expect(await api.vm(uuid)).toMatchObject({ sockets: 2, hypervisor: 2, stale: false })
  expect(await host.mustVirsh('vcpucount', 'held', '--live', '--current')).toBe('2')
  await expectOneOpeningAndOneClosing(uuid, id)
})

test('the server killed with -9 and started again while a removal is pending', async () => {
  const { uuid, id } = await leavePending(8000)
  await product.kill()
  await product.start()
  await expect.poll(() => stateOf(id), { timeout: 60_000 }).toBe('converged')
  expect(await api.vm(uuid)).toMatchObject({ sockets: 2, hypervisor: 2 })
  expect(await host.mustVirsh('vcpucount', 'held', '--live', '--current')).toBe('2')
  await expectOneOpeningAndOneClosing(uuid, id)
})
