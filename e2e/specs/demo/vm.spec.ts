import { expect, test, type Page } from '@playwright/test'
import { DemoControl } from '../../support/demo-control.ts'
import { Product } from '../../support/product.ts'
import { openVm, resizeTo, signIn } from '../../support/sign-in.ts'

// What a person does on the page of one machine beside resizing it, on the demo host.

let product: Product

test.beforeAll(async () => {
  product = await Product.start()
  await DemoControl.open(product)
})

test.afterAll(async () => {
  await product.stop()
})

const about = (page: Page) => page.getByRole('region', { name: 'About this machine' })
const topology = (page: Page) => page.getByRole('region', { name: 'Topology' })

test('the description is edited in place, asked for before it is lost, and seen by others', async ({
  page,
  browser,
}) => {
  const other = await (await browser.newContext()).newPage()
  await signIn(page, product, 'ann')
  await signIn(other, product, 'vic')
  await openVm(page, 'db-01')
  await openVm(other, 'db-01')
  await about(page).getByRole('button', { name: 'Edit: Description' }).click()
  await about(page).getByRole('textbox', { name: 'Description' }).fill('Orders. Ask Ben first.')

  await page.getByRole('link', { name: 'Hosts', exact: true }).click()
  const leaving = page.getByRole('dialog', { name: 'Leave this screen?' })
  await expect(leaving).toContainText('has not been saved')
  await leaving.getByRole('button', { name: 'Stay here' }).click()
  await expect(page.getByRole('heading', { name: 'db-01', exact: true })).toBeVisible()

  await about(page).getByRole('button', { name: 'Save' }).click()
  await expect(about(other)).toContainText('Orders. Ask Ben first.')
  await expect(about(other).getByRole('button')).toHaveCount(0)
  await other.context().close()
})

test('an unsent number of sockets is asked for before one goes to another machine', async ({ page }) => {
  await signIn(page, product, 'ann')
  await openVm(page, 'db-01')
  await page.getByRole('spinbutton', { name: 'Sockets' }).fill('5')
  await page.getByRole('navigation', { name: 'Where you are' }).getByRole('link', { name: 'Fleet' }).click()
  const leaving = page.getByRole('dialog', { name: 'Leave this screen?' })
  await expect(leaving).toContainText('The resize to 5 sockets has not been sent.')
  await leaving.getByRole('button', { name: 'Leave without it' }).click()
  await expect(page.getByRole('heading', { name: 'Fleet' })).toBeVisible()
})

test('an administrator says which system the guest is, and takes it back', async ({ page }) => {
  await signIn(page, product, 'ann')
  await openVm(page, 'web-01')
  const guest = about(page).getByRole('region', { name: 'Guest system' })
  await expect(guest).toContainText('told by the guest agent')
  await guest.getByRole('button', { name: 'Edit: Guest system' }).click()
  const choice = guest.getByRole('combobox')
  const windows = await choice
    .locator('option', { hasText: 'Windows Server 2022' })
    .first()
    .getAttribute('value')
  await choice.selectOption(windows)
  await guest.getByRole('button', { name: 'Save' }).click()
  await expect(guest).toContainText('set by an administrator')
  await expect(guest).toContainText('An administrator set')
  await guest.getByRole('button', { name: 'Edit: Guest system' }).click()
  await choice.selectOption('')
  await guest.getByRole('button', { name: 'Save' }).click()
  await expect(guest).toContainText('told by the guest agent')
})

test('the rules of one machine: its own waiting, and no removal', async ({ page }) => {
  await signIn(page, product, 'ann')
  await openVm(page, 'build-02')
  const rules = about(page).getByRole('region', { name: 'If the guest does not answer' })
  await rules.getByRole('button', { name: /^Edit/ }).click()
  await rules.getByRole('combobox').selectOption('strict')
  await rules.getByRole('checkbox').uncheck()
  await rules.getByRole('button', { name: 'Save' }).click()
  await expect(rules).toContainText('set for this machine')
  await expect(rules).toContainText('switched the removal of vCPUs off for this machine')
  await page.getByRole('spinbutton', { name: 'Sockets' }).fill('1')
  await expect(page.getByRole('button', { name: 'Resize to 1 socket' })).toBeDisabled()
})

test('chosen vCPUs go, by the keyboard and by their numbers', async ({ page }) => {
  await signIn(page, product, 'ann')
  await openVm(page, 'web-01')
  await resizeTo(page, 6)
  await expect(page.getByText(/Resized to 6 sockets in/).first()).toBeVisible()
  await topology(page).getByRole('button', { name: 'Choose vCPUs to remove' }).click()
  await topology(page).getByRole('button', { name: 'vCPU 0, present' }).focus()
  await page.keyboard.press('ArrowRight')
  await expect(topology(page).getByRole('button', { name: 'vCPU 1, present' })).toBeFocused()
  const last = topology(page).locator('button[data-vcpu="5"]')
  await last.focus()
  await page.keyboard.press('Space')
  await expect(last).toHaveAttribute('aria-pressed', 'true')
  const ids = topology(page).getByRole('textbox', { name: 'vCPUs to remove' })
  await expect(ids).toHaveValue('5')
  await ids.fill('0-2')
  await expect(topology(page)).toContainText('vCPU 0 cannot be removed while the machine runs.')
  await ids.fill('4-5')
  await topology(page).getByRole('button', { name: 'Remove vCPU 4-5' }).click()
  for (const vcpu of [4, 5]) {
    await expect(page.locator(`[data-vcpu="${vcpu}"]`).first()).toHaveAttribute('data-state', 'removed')
  }
})

test('the views of the topology have addresses, and say the same', async ({ page }) => {
  await signIn(page, product, 'ann')
  await openVm(page, 'db-01')
  await topology(page).getByRole('button', { name: 'Table' }).click()
  await expect(page).toHaveURL(/view=table/)
  await expect(topology(page).getByRole('row').nth(10)).toBeVisible()
  await topology(page).getByRole('button', { name: "Guest's view" }).click()
  await expect(topology(page).getByRole('row', { name: /In use/ })).toContainText('8 (0-7)')
  await topology(page).getByRole('button', { name: 'Next start' }).click()
  await expect(topology(page).getByRole('table')).toContainText('vCPU')
  await page.reload()
  await expect(topology(page).getByRole('columnheader', { name: 'After the next start' })).toBeVisible()
})

test('prepared for live resize with the plan before the button, and back again', async ({ page }) => {
  await signIn(page, product, 'ann')
  await openVm(page, 'plain-01')
  await page.getByRole('button', { name: 'Prepare for live resize' }).first().click()
  const panel = page.getByRole('region', { name: 'Prepare for live resize' })
  const room = panel.getByRole('spinbutton', { name: 'Room for sockets' })
  await room.fill('20')
  await expect(panel.getByRole('group', { name: 'What will be stored' })).toContainText('Room for 20 sockets')
  await panel.getByText('What changes in the XML').click()
  await expect(panel.getByLabel('What changes in the XML')).toContainText('vcpu')
  await panel.getByRole('button', { name: 'Store it for the next start' }).click()
  await expect(panel.getByRole('status')).toContainText('The stored definition was changed.')
  await panel.getByRole('link', { name: 'See what the next start changes' }).click()
  await expect(topology(page)).toContainText('can be removed')

  await page.getByRole('button', { name: 'Prepare for live resize' }).first().click()
  await panel.getByRole('button', { name: 'Undo the last preparation' }).click()
  await expect(panel.getByText('This goes out of the stored definition again')).toBeVisible()
  await panel.getByRole('button', { name: 'Undo the last preparation' }).click()
  await expect(panel.getByRole('status')).toContainText('The last preparation was undone.')
})
