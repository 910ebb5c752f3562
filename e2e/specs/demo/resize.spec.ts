import { expect, test, type Route } from '@playwright/test'
import { expectAccessible } from '../../support/accessible.ts'
import { DemoControl } from '../../support/demo-control.ts'
import { keepPictures } from '../../support/pictures.ts'
import { Product } from '../../support/product.ts'
import { openVm, resizeTo, signIn } from '../../support/sign-in.ts'

// What a person does with the sockets of a running machine, on the demo host: each way in which a resize can go.

let product: Product
let demo: DemoControl

test.beforeAll(async () => {
  product = await Product.start()
  demo = await DemoControl.open(product)
})

test.afterAll(async () => {
  await product.stop()
})

test.beforeEach(async ({ page }) => {
  await signIn(page, product, 'ann')
})

test('a value that is not possible says why, and offers no button that works', async ({ page }) => {
  await openVm(page, 'db-02')
  await page.getByRole('spinbutton', { name: 'Sockets' }).fill('6')
  await expect(page.getByRole('button', { name: 'Resize to 6 sockets' })).toBeDisabled()
  await expect(page.getByRole('status').filter({ hasText: '6 sockets' })).toContainText(/pinned/)
  await keepPictures(page, 'machine-value-not-possible')
  await page.getByRole('spinbutton', { name: 'Sockets' }).fill('7.5')
  await expect(page.getByText(/Sockets are whole numbers/)).toBeVisible()
})

test('what will happen stands before the button; enter sends it', async ({ page }) => {
  await openVm(page, 'web-01')
  const field = page.getByRole('spinbutton', { name: 'Sockets' })
  await field.fill('5')
  const preview = page.getByRole('group', { name: 'What will happen' })
  await expect(preview).toContainText('4 → 5 sockets')
  await expect(preview).toContainText(/vCPU 4/)
  await keepPictures(page, 'machine-what-will-happen')
  await expect(page.getByRole('button', { name: 'Resize to 5 sockets' })).toBeEnabled()
  await field.press('Enter')
  await expect(page.getByText(/Resized to 5 sockets in/).first()).toBeVisible()
})

test('a guest that never answers: asked again, another target, put back, stop waiting', async ({ page }) => {
  await openVm(page, 'queue-01')
  await resizeTo(page, 3)
  const running = page.getByRole('group', { name: 'Running resize' })
  await expect(running).toContainText('waiting for the guest')
  await expect(running.locator('[data-unit="3"]')).toHaveAttribute('data-state', /pending-removal|stuck/)
  await expectAccessible(page)
  await keepPictures(page, 'machine-waiting-for-the-guest')

  await running.getByRole('button', { name: 'Ask again now' }).click()
  await expect(running.locator('[data-unit="3"]')).toContainText(/asked (twice|3 times)/)

  await running.getByRole('button', { name: 'Put back to 4' }).click()
  const preview = page.getByRole('group', { name: 'What will happen' })
  await expect(preview.getByRole('list', { name: 'What becomes of the running resize' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Resize to 4 sockets' })).toBeEnabled()
  await running.getByRole('button', { name: 'Leave it as it is' }).click()

  await running.getByRole('button', { name: 'Stop waiting' }).click()
  await expect(running).toHaveCount(0)
  await expect(page.getByText('Last resize')).toBeVisible()
})

test('a change of mind while the guest hesitates ends where it began', async ({ page }) => {
  await demo.steer('late-01', { behaviour: 'never-answers' })
  await openVm(page, 'late-01')
  await resizeTo(page, 2)
  const running = page.getByRole('group', { name: 'Running resize' })
  await expect(running.locator('[data-unit="3"]')).toHaveAttribute('data-state', /pending-removal|stuck/)
  const first = await running.getAttribute('data-operation')
  await running.getByRole('button', { name: 'Change target' }).click()
  await resizeTo(page, 4)
  await expect(running).not.toHaveAttribute('data-operation', first ?? '')
  await demo.steer('late-01', { answer: { vcpu: 3, how: 'refuse' } })
  await demo.steer('late-01', { answer: { vcpu: 2, how: 'refuse' } })
  await expect(running).toHaveCount(0)
  await expect(page.locator('[data-vcpu="3"]').first()).toHaveAttribute('data-state', /present|refused/)
})

test('a guest that says no: the refused vCPU is named, and the number stays', async ({ page }) => {
  await openVm(page, 'cache-01')
  await resizeTo(page, 1)
  await expect(page.locator('[data-vcpu="1"]').first()).toHaveAttribute('data-state', /refused|present/)
  await expect(page.getByText(/refused/).first()).toBeVisible()
})

test('a partial result is told as one', async ({ page }) => {
  await demo.steer('build-02', { behaviour: 'prompt' })
  await openVm(page, 'build-02')
  await resizeTo(page, 4)
  await expect(page.getByText(/Resized to 4 sockets in/).first()).toBeVisible()
  await demo.steer('build-02', { behaviour: 'never-answers' })
  await resizeTo(page, 2)
  const running = page.getByRole('group', { name: 'Running resize' })
  await expect(running.locator('[data-unit="3"]')).toHaveAttribute('data-state', /pending-removal|stuck/)
  await demo.steer('build-02', { answer: { vcpu: 3, how: 'let-go' } })
  await expect(running.locator('[data-unit="3"]')).toHaveAttribute('data-state', 'removed')
  await demo.steer('build-02', { answer: { vcpu: 2, how: 'refuse' } })
  await expect(page.locator('[data-vcpu="2"]').first()).toHaveAttribute('data-state', /refused|present/)
  await expect(page.getByText(/1 of 2/).first()).toBeVisible()

  await page.getByRole('navigation').getByRole('link', { name: 'Resizes' }).click()
  const ended = page.getByRole('region', { name: 'Ended lately' }).getByRole('listitem')
  await expect(ended.first()).toContainText(/build-02.*1 of 2/)
  await keepPictures(page, 'resizes')
  await ended.first().getByRole('link', { name: 'Every step' }).click()
  await expect(page.getByRole('heading', { name: /^build-02: 4 → 2 sockets/ })).toBeVisible()
  await keepPictures(page, 'resize-every-step')
})

test('what one sends on an old plan is shown anew, and sent when it still says the same', async ({
  page,
}) => {
  const uuid = await demo.uuidOf('web-02')
  await openVm(page, 'web-02')
  await page.getByRole('spinbutton', { name: 'Sockets' }).fill('6')
  await expect(page.getByRole('button', { name: 'Resize to 6 sockets' })).toBeEnabled()
  // The machine changes behind the plan: the first answer of the server is that it is not the one that was planned on.
  const answers: number[] = []
  page.on('response', (response) => {
    if (response.url().endsWith(`/vms/${uuid}/resizes`)) answers.push(response.status())
  })
  const staleOnce = async (route: Route) => {
    const body = route.request().postDataJSON() as { rev: number }
    await route.continue({ postData: JSON.stringify({ ...body, rev: body.rev - 1 }) })
  }
  await page.route(`**/api/v1/vms/${uuid}/resizes`, staleOnce, { times: 1 })
  await page.getByRole('button', { name: 'Resize to 6 sockets' }).click()
  await expect(page.getByText(/Resized to 6 sockets in/).first()).toBeVisible()
  expect(answers).toEqual([412, 202])
})

test('two people: what one does the other sees at once, with who did it', async ({ page, browser }) => {
  const other = await (await browser.newContext()).newPage()
  await signIn(other, product, 'ben')
  await demo.steer('web-02', { behaviour: 'never-answers' })
  await openVm(page, 'web-02')
  await openVm(other, 'web-02')
  await resizeTo(other, 3)
  const running = page.getByRole('group', { name: 'Running resize' })
  await expect(running).toContainText('asked for by ben')
  await expect(page.getByRole('region', { name: 'History' })).toContainText(/ben asked to resize web-02/)
  await running.getByRole('button', { name: 'Stop waiting' }).click()
  await expect(other.getByRole('group', { name: 'Running resize' })).toHaveCount(0)
  await other.context().close()
})
