import { expect, test, type Page } from '@playwright/test'
import { expectAccessible } from '../../support/accessible.ts'
import { Authenticator } from '../../support/authenticator.ts'
import { keepPictures } from '../../support/pictures.ts'
import { Product } from '../../support/product.ts'
import { PASSWORD, signIn, signOut } from '../../support/sign-in.ts'

// The second step of a sign-in, from the first code to the lost phone.

let product: Product

test.beforeAll(async () => {
  product = await Product.start()
  await product.admin(['user', 'add', 'ann', '--role', 'admin', '--password-stdin'], PASSWORD)
})

test.afterAll(async () => {
  await product.stop()
})

async function signOutAndGivePassword(page: Page): Promise<void> {
  await signOut(page)
  await page.getByLabel('Name').fill('ann')
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('heading', { name: 'Second step' })).toBeVisible()
}

async function giveCode(page: Page, code: string): Promise<void> {
  await page.getByLabel('Code', { exact: true }).fill(code)
  await page.getByRole('button', { name: 'Go on' }).click()
}

test('an authenticator is set up, asked for at the next sign-in, and replaced once by a recovery code', async ({
  page,
}) => {
  await signIn(page, product, 'ann')
  await page.getByRole('link', { name: 'Your account', exact: true }).click()
  const card = page.getByRole('region', { name: 'Second step at sign-in' })
  await card.getByRole('button', { name: 'Set up an authenticator' }).click()
  await card.getByLabel('Your password, once more').fill(PASSWORD)
  await card.getByRole('button', { name: 'Go on' }).click()
  await expect(card.getByRole('img', { name: /^QR code/ })).toBeVisible()
  const phone = new Authenticator(await card.locator('code').innerText())
  await keepPictures(page, 'two-factor')
  await expectAccessible(page)
  await card.getByLabel('Code of the app').fill(phone.code())
  await card.getByRole('button', { name: 'Switch on' }).click()
  await expect(card.getByText('The second step is on')).toBeVisible()
  const recoveryCode = await card.getByRole('listitem').first().innerText()
  await card.getByRole('button', { name: 'I have kept them' }).click()
  await expect(card.getByText(/^On: a code of your authenticator/)).toBeVisible()

  await signOutAndGivePassword(page)
  await giveCode(page, 'not-a-code')
  await expect(page.getByText('The code is wrong or was used already.')).toBeVisible()
  await keepPictures(page, 'second-step')
  await expectAccessible(page)
  await giveCode(page, phone.code())
  await expect(page.getByRole('navigation').getByRole('link', { name: 'Fleet', exact: true })).toBeVisible()

  await signOutAndGivePassword(page)
  await giveCode(page, recoveryCode)
  await expect(page.getByRole('navigation').getByRole('link', { name: 'Fleet', exact: true })).toBeVisible()
  await signOutAndGivePassword(page)
  await giveCode(page, recoveryCode)
  await expect(page.getByText('The code is wrong or was used already.')).toBeVisible()
})
