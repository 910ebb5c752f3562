import { expect, test, type Page } from '@playwright/test'
import { realHost, realHostUri } from '../../real-host/real-host.ts'
import { Api } from '../../support/api.ts'
import { Product } from '../../support/product.ts'
import { PASSWORD, openVm, resizeTo, signIn } from '../../support/sign-in.ts'

// The main job, on a real libvirt with real guests: what a person sees, what libvirt says and what the guest says agree.

const host = realHost()
let product: Product
let api: Api

test.beforeAll(async () => {
  product = await Product.start({ hosts: `real=${realHostUri()}` })
  await product.admin(['user', 'add', 'ann', '--role', 'admin', '--password-stdin'], PASSWORD)
  await product.admin(['user', 'add', 'vic', '--role', 'viewer', '--password-stdin'], PASSWORD)
  api = new Api(product.url, await product.admin(['token', 'create', '--name', 'checks', '--role', 'admin']))
  await expect.poll(() => api.vmNamed('ppc'), { timeout: 30_000 }).toBeDefined()
})

test.afterAll(async () => {
  await product.stop()
})

async function uuidOf(name: string): Promise<string> {
  const vm = await api.vmNamed(name)
  if (!vm) throw new Error(`the product does not show ${name}`)
  return vm.uuid
}

function cell(page: Page, vcpu: number) {
  return page.locator(`[data-vcpu="${vcpu}"]`).first()
}

async function expectStates(page: Page, vcpus: readonly number[], state: RegExp): Promise<void> {
  for (const vcpu of vcpus) await expect(cell(page, vcpu)).toHaveAttribute('data-state', state)
}

/** Collects each state a vCPU cell goes through, in order, from inside the page. */
async function recordStates(page: Page): Promise<() => Promise<Record<string, string[]>>> {
  await page.evaluate(() => {
    const seen: Record<string, string[]> = {}
    const note = (element: Element) => {
      const id = element.getAttribute('data-vcpu')
      const state = element.getAttribute('data-state')
      if (id === null || state === null) return
      const list = (seen[id] ??= [])
      if (list.at(-1) !== state) list.push(state)
    }
    for (const element of document.querySelectorAll('[data-vcpu]')) note(element)
    new MutationObserver((changes) => {
      for (const change of changes) {
        if (change.target instanceof Element) note(change.target)
        for (const node of change.addedNodes) {
          if (!(node instanceof Element)) continue
          note(node)
          for (const element of node.querySelectorAll('[data-vcpu]')) note(element)
        }
      }
    }).observe(document.body, {
      subtree: true,
      childList: true,
      attributes: true,
      attributeFilter: ['data-state'],
    })
    Object.assign(window, { seenStates: seen })
  })
  return () =>
    page.evaluate(() => (window as typeof window & { seenStates: Record<string, string[]> }).seenStates)
}

async function virshCount(name: string): Promise<number> {
  return Number(await host.mustVirsh('vcpucount', name, '--live', '--current'))
}

test('ppc: 2 to 4 sockets and back, seen on the page, by virsh and by the guest', async ({ page }) => {
  await host.resetGuest('ppc')
  const uuid = await uuidOf('ppc')
  await signIn(page, product, 'ann')
  await openVm(page, 'ppc')
  await expect(page.getByRole('spinbutton', { name: 'Sockets' })).toHaveValue('2')

  await resizeTo(page, 4)
  await expectStates(page, [4, 5, 6, 7], /^(present|guest-offline)$/)
  await host.waitForOnline('ppc', '0-7')
  expect(await virshCount('ppc')).toBe(8)
  expect(await api.vm(uuid)).toMatchObject({ sockets: 4, hypervisor: 8 })

  const states = await recordStates(page)
  await resizeTo(page, 2)
  await expect(page.getByText(/Resized to 2 sockets in/).first()).toBeVisible()
  await expectStates(page, [4, 5, 6, 7], /^removed$/)
  const seen = await states()
  for (const vcpu of ['4', '5', '6', '7'])
    expect(seen[vcpu]).toEqual(['present', 'pending-removal', 'removed'])
  await host.waitForOnline('ppc', '0-3')
  expect(await virshCount('ppc')).toBe(4)
  await expect(page.getByRole('spinbutton', { name: 'Sockets' })).toHaveValue('2')
  expect(await api.vm(uuid)).toMatchObject({ sockets: 2, hypervisor: 4, wanted: 4 })

  const operation = (await api.operations(uuid))[0]
  const story = (await api.audit(uuid)).filter((entry) => entry.operation === operation?.id)
  expect(story.map((entry) => entry.action)).toEqual([
    'resize.requested',
    'resize.accepted',
    ...Array.from({ length: 4 }, () => 'resize.vcpu-removed'),
    'resize.finished',
  ])
  for (const entry of story.filter((one) => one.action === 'resize.vcpu-removed')) {
    expect(entry.durationMs).toBeGreaterThan(0)
  }
  expect(story.at(-1)).toMatchObject({ outcome: 'done', actor: { name: 'ann' } })
})

test('an untested guest is resized only after an acknowledgement, which the audit keeps', async ({
  page,
}) => {
  const uuid = await uuidOf('ppc')
  const refused = await api.request<{ code: string; reasons: { code: string }[] }>(
    'POST',
    `/api/v1/vms/${uuid}/resizes`,
    {
      sockets: 3,
    },
  )
  expect(refused.type).toContain('application/problem+json')
  expect(refused.body.reasons.map((reason) => reason.code)).toContain('unverified-guest-os')
  expect(await virshCount('ppc')).toBe(4)

  await signIn(page, product, 'ann')
  await openVm(page, 'ppc')
  await page.getByRole('spinbutton', { name: 'Sockets' }).fill('3')
  await expect(page.getByRole('checkbox', { name: /untested/ })).toBeVisible()
  await resizeTo(page, 3)
  await expectStates(page, [4, 5], /^(present|guest-offline)$/)
  const requested = (await api.audit(uuid)).findLast((entry) => entry.action === 'resize.requested')
  expect(requested?.detail).toMatchObject({ acknowledged: ['unverified-guest-os'] })
  await resizeTo(page, 2)
  await expectStates(page, [4, 5], /^removed$/)
})

test('quick: 2 to 4 sockets and back', async ({ page }) => {
  await host.resetGuest('quick')
  await signIn(page, product, 'ann')
  await openVm(page, 'quick')
  await resizeTo(page, 4)
  await expectStates(page, [2, 3], /^(present|guest-offline)$/)
  await host.waitForOnline('quick', '0-3')
  await resizeTo(page, 2)
  await expectStates(page, [2, 3], /^removed$/)
  await host.waitForOnline('quick', '0-1')
  expect(await virshCount('quick')).toBe(2)
})

test('held: pending, overdue, healed by the second request, and the stale event of the next plug is ignored', async ({
  page,
}) => {
  await host.resetGuest('held')
  const uuid = await uuidOf('held')
  await signIn(page, product, 'ann')
  await openVm(page, 'held')
  await resizeTo(page, 3)
  await expectStates(page, [2], /^(present|guest-offline)$/)
  await host.waitForOnline('held', '0-2')

  const answer = await api.request<{ id: string }>('POST', `/api/v1/vms/${uuid}/resizes`, {
    sockets: 2,
    policy: { deadlineMs: 4000, attempts: 3, ending: 'reconcile' },
    acknowledge: ['unverified-guest-os'],
  })
  expect(answer.status).toBe(202)
  await expectStates(page, [2], /^pending-removal$/)
  await expect(page.getByText(/No answer from the guest for vCPU 2/).first()).toBeVisible()
  await expectStates(page, [2], /^removed$/)
  expect(await virshCount('held')).toBe(2)

  await resizeTo(page, 3)
  await expectStates(page, [2], /^(present|guest-offline)$/)
  await expect
    .poll(async () => (await api.audit(uuid)).some((entry) => entry.action === 'resize.event-ignored'))
    .toBe(true)
  expect(await virshCount('held')).toBe(3)
  await expectStates(page, [2], /^(present|guest-offline)$/)

  const removal = (await api.audit(uuid)).filter((entry) => entry.operation === answer.body.id)
  expect(removal.map((entry) => entry.action)).toEqual([
    'resize.requested',
    'resize.accepted',
    'resize.overdue',
    'resize.asked-again',
    'resize.vcpu-removed',
    'resize.finished',
  ])
  expect(removal.at(-1)?.outcome).toBe('done')
})

test('virsh setvcpus from outside, up and down, changes the page within 3 s and the audit says so', async ({
  page,
}) => {
  await host.resetGuest('quick')
  const uuid = await uuidOf('quick')
  await signIn(page, product, 'ann')
  await openVm(page, 'quick')
  await expectStates(page, [2, 3], /^(absent|removed)$/)

  await host.mustVirsh('setvcpus', 'quick', '4', '--live')
  await expect(cell(page, 3)).toHaveAttribute('data-state', /^(present|guest-offline)$/, { timeout: 3000 })
  await host.waitForOnline('quick', '0-3')
  await host.mustVirsh('setvcpus', 'quick', '2', '--live', '--async')
  await expect.poll(() => virshCount('quick'), { timeout: 60_000, intervals: [100] }).toBe(2)
  await expect(cell(page, 3)).toHaveAttribute('data-state', /^(absent|removed)$/, { timeout: 3000 })
  await expect
    .poll(async () => (await api.audit(uuid)).filter((entry) => entry.action === 'vm.changed-outside').length)
    .toBeGreaterThanOrEqual(2)
})
