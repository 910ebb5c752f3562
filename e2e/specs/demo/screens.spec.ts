import { expect, test, type Page } from '@playwright/test'
import { expectAccessible } from '../../support/accessible.ts'
import { DemoControl } from '../../support/demo-control.ts'
import { keepPictures } from '../../support/pictures.ts'
import { Product } from '../../support/product.ts'
import { PASSWORD, signIn, signOut } from '../../support/sign-in.ts'

// The screens around the machine, as an administrator goes through them, on the demo host.

let product: Product
let demo: DemoControl

test.beforeAll(async () => {
  product = await Product.start()
  demo = await DemoControl.open(product)
})

test.afterAll(async () => {
  await product.stop()
})

async function goTo(page: Page, place: string): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: place, exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: place })).toBeVisible()
}

const row = (page: Page, name: string) =>
  page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) })

test('the fleet by keyboard: several machines are chosen, named, judged and resized', async ({ page }) => {
  await signIn(page, product, 'ann')
  await page.getByRole('searchbox').fill('web-0')
  await page.getByRole('link', { name: 'web-01', exact: true }).focus()
  await page.keyboard.press('Space')
  await page.keyboard.press('Shift+ArrowDown')
  await expect(page.getByRole('link', { name: 'web-02', exact: true })).toBeFocused()
  await expect(row(page, 'web-02')).toHaveAttribute('aria-selected', 'true')
  await expect(page.getByText('2 selected')).toBeVisible()
  await keepPictures(page, 'fleet')
  await expectAccessible(page)

  await page.getByRole('button', { name: 'Resize', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Resize 2 machines' })
  await dialog.getByRole('spinbutton', { name: 'Sockets for each' }).fill('5')
  await expect(dialog.getByText('2 of 2 can be resized.')).toBeVisible()
  await keepPictures(page, 'fleet-resize-several')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Resize 2 machines to 5 sockets' }).click()
  for (const name of ['web-01', 'web-02']) {
    await expect(page.locator(`[data-bulk="${name}"]`)).toContainText('Resized to 5 sockets')
  }
  await dialog.getByRole('button', { name: 'Close' }).click()
  await page.keyboard.press('Escape')
})

test('a number that no machine can have is refused for each in words', async ({ page }) => {
  await signIn(page, product, 'ann')
  await page.getByRole('searchbox').fill('web-0')
  await row(page, 'web-01').getByRole('checkbox').check()
  await page.getByRole('button', { name: 'Resize', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('spinbutton').fill('999')
  await expect(page.locator('[data-bulk="web-01"]')).toContainText('Not possible:')
  await expect(dialog.getByRole('button', { name: /^Resize 0 machines/ })).toBeDisabled()
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
})

test('power for several: only those that can take it', async ({ page }) => {
  await signIn(page, product, 'ann')
  await page.getByRole('searchbox').fill('web-0')
  await row(page, 'web-01').getByRole('checkbox').check()
  await row(page, 'web-02').getByRole('checkbox').check()
  await page.getByRole('button', { name: /^Power/ }).click()
  await page.getByRole('button', { name: 'Pause (2)' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Pause: 2 machines' }).click()
  await expect(page.locator('[data-bulk="web-02"]')).toContainText('The host accepted it.')
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
  await expect(row(page, 'web-01')).toContainText('Paused')
})

test('filters and the order are in the address', async ({ page }) => {
  await signIn(page, product, 'ann')
  await page.goto(`${product.url}/?q=db&show=running&sort=load&down=true`)
  await expect(page.getByRole('searchbox')).toHaveValue('db')
  await expect(page.getByRole('columnheader', { name: /^Load/ })).toHaveAttribute('aria-sort', 'descending')
  await page.getByRole('columnheader', { name: /^Host/ }).getByRole('button').click()
  await expect(page).toHaveURL(/sort=host/)
})

test('the audit: found by text, told in UTC, exported, verified, and live', async ({ page, browser }) => {
  await demo.resize('build-02', 3)
  await demo.resize('erp-02', 5)
  await signIn(page, product, 'ann')
  await goTo(page, 'Audit')
  await expect(page.getByText(/Verified up to entry/)).toBeVisible()
  await page.getByRole('combobox', { name: 'Times' }).selectOption('UTC')
  await expect(page.getByRole('main').locator('time').first()).toHaveText(/^\d\d:\d\d:\d\dZ$/)
  await keepPictures(page, 'audit')
  await expectAccessible(page)

  await expect(page.getByText(/asked to resize erp-02 from 4 to 5 sockets/)).toBeVisible()
  await page.getByRole('searchbox', { name: 'Search in the text' }).fill('resize build-02')
  await expect(page).toHaveURL(/q=resize/)
  await expect(page.getByText(/asked to resize erp-02/)).toHaveCount(0)
  await expect(page.getByText(/asked to resize build-02 from 2 to 3 sockets/)).toBeVisible()
  for (const name of ['Export as CSV', 'Export as JSON lines']) {
    const download = page.waitForEvent('download')
    await page.getByRole('link', { name }).click()
    expect((await download).suggestedFilename()).toMatch(/^coreshift-audit\.(csv|jsonl)$/)
  }
  await page.getByRole('button', { name: 'Clear filters' }).click()

  const other = await (await browser.newContext()).newPage()
  await page.getByLabel('Who').fill('nobody-yet')
  await expect(page.getByText('No entry matches the filters')).toBeVisible()
  await product.admin(['user', 'add', 'nobody-yet', '--role', 'viewer', '--password-stdin'], PASSWORD)
  await signIn(other, product, 'nobody-yet')
  await expect(page.getByText('nobody-yet', { exact: false }).last()).toBeVisible()
  await expect(page.getByText('No entry matches the filters')).toHaveCount(0)
  await other.context().close()
})

test('hosts: what each can do, and a test of the connection that says what is wrong', async ({ page }) => {
  await signIn(page, product, 'ann')
  await goTo(page, 'Hosts')
  await expect(page.getByText(/confirmed by event/).first()).toBeVisible()
  await keepPictures(page, 'hosts')
  await expectAccessible(page)
  const form = page.getByRole('region', { name: 'Add a host' })
  await form.getByLabel('Name', { exact: true }).fill('away')
  await form.getByLabel('libvirt URI').fill('qemu+unix:///system?socket=/nowhere/at-all')
  await form.getByRole('button', { name: 'Test the connection' }).click()
  await expect(form.getByRole('alert')).toContainText('socket does not exist')
  await form.getByRole('button', { name: 'Add host' }).click()
  await expect(form.getByText('away was added.')).toBeVisible()
  await page.getByRole('button', { name: 'Remove host away' }).click()
  await page.getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(page.getByRole('region', { name: 'away' })).toHaveCount(0)
})

test('guest systems: found, changed with a reason, and as shipped again', async ({ page }) => {
  await signIn(page, product, 'ann')
  await goTo(page, 'Guest systems')
  await page.getByRole('searchbox').fill('debian')
  const details = page.getByRole('button', { name: /^Details of Debian/ }).first()
  await details.click()
  await expect(page).toHaveURL(/row=/)
  await page.getByLabel('Reason').fill('seen on our machines')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('1 row was changed here.')).toBeVisible()
  await expect(page.getByText('set by ann')).toBeVisible()
  await keepPictures(page, 'guest-systems')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'All as shipped again' }).click()
  await page.getByRole('button', { name: 'Take back' }).click()
  await expect(page.getByText('No row was changed here.')).toBeVisible()
})

test('settings: changed per host, guarded while unsaved, and saved', async ({ page }) => {
  await signIn(page, product, 'ann')
  await goTo(page, 'Settings')
  await expect(page.getByRole('region', { name: 'Hooks' })).toContainText(
    'No folder for hooks is configured.',
  )
  await page.locator('tr[data-host]').first().getByRole('combobox').selectOption({ label: 'Take its time' })
  page.once('dialog', (dialog) => void dialog.dismiss())
  await page.getByRole('navigation').getByRole('link', { name: 'Fleet', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByText('Saved.')).toBeVisible()
  await keepPictures(page, 'settings')
  await expectAccessible(page)
})

test('users and tokens: a limit, a lifetime, and a secret that is shown once', async ({ page }) => {
  await signIn(page, product, 'ann')
  await goTo(page, 'Users and tokens')
  const user = page.getByRole('form', { name: 'Add a user' })
  await user.getByLabel('Name', { exact: true }).fill('olga')
  await user.getByLabel('Password').fill(PASSWORD)
  await user.getByRole('checkbox', { name: 'Only a part of the fleet' }).check()
  await user.getByLabel('Only machines with this name').fill('web-*')
  await user.getByRole('button', { name: 'Add user' }).click()
  await expect(page.locator('[data-user="olga"]')).toContainText('named web-*')
  const token = page.getByRole('form', { name: 'Create a token' })
  await token.getByLabel('Name', { exact: true }).fill('nightly')
  await token.getByLabel('Good for').selectOption('30 days')
  await token.getByRole('button', { name: 'Create token' }).click()
  await expect(page.getByText('Token nightly was created')).toBeVisible()
  await expect(page.locator('[data-token="nightly"]')).not.toContainText('expired')
  await keepPictures(page, 'users-and-tokens')
  await expectAccessible(page)
})

test('who is limited sees the machines of the limit alone', async ({ page }) => {
  await signIn(page, product, 'olga')
  await expect(page.getByRole('link', { name: 'web-01', exact: true })).toBeVisible()
  await page.getByRole('searchbox').fill('db-')
  await expect(page.getByText('No machine matches')).toBeVisible()
})

test('the own account: another browser is seen and sent away', async ({ page, browser }) => {
  const other = await (await browser.newContext()).newPage()
  await signIn(other, product, 'olga')
  await signIn(page, product, 'olga')
  await goTo(page, 'Your account')
  await keepPictures(page, 'account')
  await expectAccessible(page)
  const ends = page.getByRole('button', { name: /^End the session/ })
  const before = await ends.count()
  await ends.first().click()
  await page.getByRole('button', { name: 'End', exact: true }).click()
  await expect(ends).toHaveCount(before - 1)
  await expect(other.getByText('The session has ended.')).toBeVisible()
  await other.context().close()
})

test('the own password: the present one is asked for, and the new one signs in', async ({ page }) => {
  const next = 'seven wet paper boats'
  await signIn(page, product, 'olga')
  await goTo(page, 'Your account')
  await page.getByRole('button', { name: 'Change password' }).click()
  const form = page.getByRole('form', { name: 'Change password' })
  await form.getByLabel('Present password').fill('not the one')
  await form.getByLabel('New password', { exact: true }).fill(next)
  await form.getByLabel('New password, once more').fill('something else')
  await form.getByRole('button', { name: 'Set the new password' }).click()
  await expect(form.getByText('This is not the same as above.')).toBeVisible()
  await form.getByLabel('New password, once more').fill(next)
  await form.getByRole('button', { name: 'Set the new password' }).click()
  await expect(form.getByText('The password is wrong.').first()).toBeVisible()
  await expectAccessible(page)
  await form.getByLabel('Present password').fill(PASSWORD)
  await form.getByRole('button', { name: 'Set the new password' }).click()
  await expect(page.getByText('The new password is in force.')).toBeVisible()
  await signOut(page)
  await signIn(page, product, 'olga', next)
})

test('a server that is gone is said so, with what may be stale, and its return too', async ({ page }) => {
  await signIn(page, product, 'ann')
  await product.kill()
  await expect(page.getByText(/No connection to the server for/)).toBeVisible()
  await expect(page.getByText(/last known state and may have changed/).first()).toBeVisible()
  await keepPictures(page, 'connection-lost')
  await product.start()
  await expect(page.getByText(/No connection to the server for/)).toHaveCount(0)
  await expect(page.getByText('live', { exact: true })).toBeVisible()
})
