import { expect, test } from '@playwright/test'
import { expectAccessible } from '../../support/accessible.ts'
import { Product } from '../../support/product.ts'
import { PASSWORD, openVm, resizeTo, signIn } from '../../support/sign-in.ts'

// What a person does, from the one-time link to the audit, on the demo host.

// One story: each part goes on where the one before it ended.
test.describe.configure({ mode: 'serial' })

let product: Product

test.beforeAll(async () => {
  product = await Product.start()
})

test.afterAll(async () => {
  await product.stop()
})

test('the one-time link makes the first administrator, and works once', async ({ page }) => {
  const link = product.firstRunUrl
  if (link === undefined) throw new Error('the server printed no one-time link')
  await page.goto(link)
  await page.getByLabel('Name').fill('ann')
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Create administrator' }).click()
  await expect(page.getByRole('heading', { name: 'Fleet' })).toBeVisible()
  await expect(page.getByText(/simulated/)).toBeVisible()
  await page.context().clearCookies()
  await page.goto(link)
  await expect(page.getByRole('heading', { name: 'An administrator already exists' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Create administrator' })).toHaveCount(0)
})

test('a wrong password is refused in words', async ({ page }) => {
  await page.goto(`${product.url}/`)
  await page.getByLabel('Name').fill('ann')
  await page.getByLabel('Password', { exact: true }).fill('not the password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByText('Name or password is wrong.')).toBeVisible()
})

test('the fleet: filters as one types, and nothing that axe would find, light and dark', async ({ page }) => {
  await signIn(page, product, 'ann')
  await expect(page.getByText('1 host offline')).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('searchbox').fill('db-0')
  await expect(page.getByRole('link', { name: 'db-01', exact: true })).toBeVisible()
  await expect(page.getByRole('link', { name: 'web-01', exact: true })).toHaveCount(0)
  await expect(page).toHaveURL(/db-0/)
  await expectAccessible(page)
})

test('sign-in and fleet are less than 250 kB of script and style on the wire', async ({ page }) => {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Network.enable')
  const kinds = new Map<string, string>()
  let bytes = 0
  devtools.on('Network.responseReceived', ({ requestId, type }) => kinds.set(requestId, type))
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (['Script', 'Stylesheet'].includes(kinds.get(requestId) ?? '')) bytes += encodedDataLength
  })
  await signIn(page, product, 'ann')
  await page.waitForLoadState('networkidle')
  expect(bytes).toBeGreaterThan(50_000)
  expect(bytes).toBeLessThan(250_000)
})

test('sockets up and down while the VM runs: seen vCPU by vCPU, and in the history', async ({ page }) => {
  await signIn(page, product, 'ann')
  await openVm(page, 'web-01')
  await expect(page.getByRole('spinbutton', { name: 'Sockets' })).toHaveValue('4')
  await expectAccessible(page)
  await resizeTo(page, 6)
  await expect(page.getByText(/Resized to 6 sockets in/).first()).toBeVisible()
  await expect(page.locator('[data-vcpu="5"]').first()).toHaveAttribute(
    'data-state',
    /^(present|guest-offline)$/,
  )
  await resizeTo(page, 4)
  await expect(page.getByText(/Resized to 4 sockets in/).first()).toBeVisible()
  for (const vcpu of [4, 5]) {
    await expect(page.locator(`[data-vcpu="${vcpu}"]`).first()).toHaveAttribute('data-state', 'removed')
  }
  await expect(page.getByText(/ann asked to resize web-01 from 6 to 4 sockets/).first()).toBeVisible()
})

test('what one does, the other sees, with who did it', async ({ browser }) => {
  await product.admin(['user', 'add', 'ben', '--role', 'operator', '--password-stdin'], PASSWORD)
  const ann = await (await browser.newContext()).newPage()
  const ben = await (await browser.newContext()).newPage()
  await signIn(ann, product, 'ann')
  await signIn(ben, product, 'ben')
  await openVm(ann, 'web-02')
  await openVm(ben, 'web-02')
  await resizeTo(ben, 5)
  await expect(ann.locator('[data-vcpu="4"]').first()).toHaveAttribute(
    'data-state',
    /^(present|guest-offline)$/,
  )
  await expect(ann.getByText(/ben asked to resize web-02 from 4 to 5 sockets/).first()).toBeVisible()
  await ann.context().close()
  await ben.context().close()
})

test('the audit reads like a diary and its chain verifies', async ({ page }) => {
  await signIn(page, product, 'ann')
  await page.getByRole('link', { name: 'Audit', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'Audit' })).toBeVisible()
  await expect(page.getByText(/Resized to 4 sockets in/).first()).toBeVisible()
  await expect(page.getByText(/[Vv]erified/).first()).toBeVisible()
  await expectAccessible(page)
})
