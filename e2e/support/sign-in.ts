import { expect, type Page } from '@playwright/test'
import type { Product } from './product.ts'

/** No secret: accounts of the tests live in a folder that the tests remove. */
export const PASSWORD = 'correct-horse-battery-9'

/** Signs in as a person does. */
export async function signIn(page: Page, product: Product, name: string, password = PASSWORD): Promise<void> {
  await page.goto(`${product.url}/`)
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('heading', { name: 'Fleet' })).toBeVisible()
}

/** Signs out, and waits for the page that follows: it comes by itself, and would come in between whatever is done next. */
export async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL('**/sign-in')
}

/** Opens a VM from the fleet. */
export async function openVm(page: Page, name: string): Promise<void> {
  await page.getByRole('searchbox').fill(name)
  await page.getByRole('link', { name, exact: true }).click()
  await expect(page.getByRole('heading', { name, exact: true })).toBeVisible()
}

/** Types a number of sockets and sends the resize; acknowledges an untested guest where the page asks for it. */
export async function resizeTo(page: Page, sockets: number): Promise<void> {
  await page.getByRole('spinbutton', { name: 'Sockets' }).fill(String(sockets))
  const button = page.getByRole('button', {
    name: `Resize to ${sockets} ${sockets === 1 ? 'socket' : 'sockets'}`,
  })
  await expect(button).toBeVisible()
  const untested = page.getByRole('checkbox', { name: /untested/ })
  await expect(button.or(untested).first()).toBeVisible()
  if (await untested.isVisible()) await untested.check()
  await expect(button).toBeEnabled()
  await button.click()
}
