import { expect, test } from '@playwright/test'
import type { Operation, Problem } from '@coreshift/shared/contract'
import { realHost, realHostUri } from '../../real-host/real-host.ts'
import { Api } from '../../support/api.ts'
import { Product } from '../../support/product.ts'
import { PASSWORD, openVm, signIn } from '../../support/sign-in.ts'

// What may not be is refused with a reason, and changes nothing.

const host = realHost()
let product: Product
let api: Api
let viewer: Api
let uuid: string

test.beforeAll(async () => {
  await host.resetGuest('quick')
  product = await Product.start({ hosts: `real=${realHostUri()}` })
  await product.admin(['user', 'add', 'ann', '--role', 'operator', '--password-stdin'], PASSWORD)
  await product.admin(['user', 'add', 'vic', '--role', 'viewer', '--password-stdin'], PASSWORD)
  api = new Api(product.url, await product.admin(['token', 'create', '--name', 'checks', '--role', 'admin']))
  viewer = new Api(
    product.url,
    await product.admin(['token', 'create', '--name', 'looks', '--role', 'viewer']),
  )
  await expect.poll(async () => (await api.vmNamed('quick'))?.status, { timeout: 30_000 }).toBe('up')
  uuid = (await api.vmNamed('quick'))?.uuid ?? ''
})

test.afterAll(async () => {
  await product.stop()
})

const acknowledge = ['unverified-guest-os']

async function expectUnchanged(): Promise<void> {
  expect(await host.mustVirsh('vcpucount', 'quick', '--live', '--current')).toBe('2')
  expect(await api.vm(uuid)).toMatchObject({ sockets: 2, hypervisor: 2 })
}

for (const [what, sockets, code] of [
  ['above the maximum', 33, 'above-maximum'],
  ['below what is hot-pluggable', 1, 'vcpu-not-hotpluggable'],
  ['no socket at all', 0, 'below-minimum'],
] as const) {
  test(`${what}: refused with ${code}`, async () => {
    const answer = await api.request<Problem>('POST', `/api/v1/vms/${uuid}/resizes`, { sockets, acknowledge })
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
    expect(answer.type).toContain('application/problem+json')
    expect(answer.body.reasons?.map((reason) => reason.code)).toContain(code)
    await expectUnchanged()
  })
}

for (const sockets of [1.5, 'many', null, -1]) {
  test(`${JSON.stringify(sockets)} sockets: an invalid request that names the field`, async () => {
    const answer = await api.request<Problem>('POST', `/api/v1/vms/${uuid}/resizes`, { sockets, acknowledge })
    expect(answer.status).toBe(400)
    expect(answer.type).toContain('application/problem+json')
    expect(answer.body).toMatchObject({ code: 'invalid-request' })
    expect(answer.body.issues?.some((issue) => issue.path.includes('sockets'))).toBe(true)
    await expectUnchanged()
  })
}

test('a VM that does not exist: not found', async () => {
  const answer = await api.request<Problem>(
    'POST',
    '/api/v1/vms/00000000-0000-4000-8000-000000000000/resizes',
    {
      sockets: 2,
    },
  )
  expect(answer.status).toBe(404)
  expect(answer.body).toMatchObject({ code: 'not-found' })
})

test('a viewer may not resize, by API and on the page', async ({ page }) => {
  const answer = await viewer.request<Problem>('POST', `/api/v1/vms/${uuid}/resizes`, {
    sockets: 4,
    acknowledge,
  })
  expect(answer.status).toBe(403)
  expect(answer.body).toMatchObject({ code: 'not-permitted' })
  await signIn(page, product, 'vic')
  await openVm(page, 'quick')
  await expect(page.getByRole('button', { name: /^Resize to/ })).toHaveCount(0)
  await expectUnchanged()
})

test('a second resize during the first is refused with who, what and since when', async () => {
  await host.resetGuest('held')
  await expect.poll(async () => (await api.vmNamed('held'))?.status, { timeout: 30_000 }).toBe('up')
  const held = (await api.vmNamed('held'))?.uuid ?? ''
  const up = await api.request<Operation>('POST', `/api/v1/vms/${held}/resizes`, { sockets: 3, acknowledge })
  await expect
    .poll(async () => (await api.get<Operation>(`/api/v1/resizes/${up.body.id}`)).state)
    .toBe('converged')
  await host.waitForOnline('held', '0-2')
  const first = await api.request<Operation>('POST', `/api/v1/vms/${held}/resizes`, {
    sockets: 2,
    acknowledge,
    policy: { deadlineMs: 60_000, attempts: 1, ending: 'reconcile' },
  })
  expect(first.status).toBe(202)
  const second = await api.request<Problem>('POST', `/api/v1/vms/${held}/resizes`, {
    sockets: 4,
    acknowledge,
  })
  expect(second.status).toBe(409)
  expect(second.body.operation).toBe(first.body.id)
  const reason = second.body.reasons?.find((one) => one.code === 'resize-in-progress')
  expect(reason?.message).toContain('checks')
  // The guest has to have let go before the next request can heal the held-back completion.
  await host.waitForOnline('held', '0-1')
  await api.request('POST', `/api/v1/resizes/${first.body.id}/retry`)
  await expect
    .poll(async () => (await api.get<Operation>(`/api/v1/resizes/${first.body.id}`)).state)
    .toBe('converged')
})

test('the page shows the reason for a value that is not possible', async ({ page }) => {
  await signIn(page, product, 'ann')
  await openVm(page, 'quick')
  await expect(page.locator('[data-reason]', { hasText: /vCPU 1 was present at boot/ }).first()).toBeVisible()
  await page.getByRole('spinbutton', { name: 'Sockets' }).fill('1')
  await expect(page.getByRole('button', { name: 'Resize to 1 socket' })).toBeDisabled()
  await expectUnchanged()
})
