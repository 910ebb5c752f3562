import { expect, test } from '@playwright/test'
import {
  ACCOUNT,
  startPrivateDaemon,
  type PrivateDaemon,
} from '../../../packages/libvirt/test/real/support/private-daemon.ts'
import { Api } from '../../support/api.ts'
import { Product } from '../../support/product.ts'
import { PASSWORD, signIn } from '../../support/sign-in.ts'

// A daemon that asks for a name and a password (SASL), and an administrator who first gets it wrong.

let daemon: PrivateDaemon | undefined
let product: Product | undefined

test.beforeAll(async () => {
  daemon = await startPrivateDaemon({ mechanisms: 'scram-sha-256 plain', authTls: 'sasl' })
  product = await Product.start({ env: { CORESHIFT_LOG_LEVEL: 'debug' } })
  await product.admin(['user', 'add', 'ann', '--role', 'admin', '--password-stdin'], PASSWORD)
})

test.afterAll(async () => {
  await product?.stop()
  await daemon?.[Symbol.asyncDispose]()
})

test('the password of a host is corrected in the page, and is shown nowhere', async ({ page }) => {
  if (!daemon || !product) throw new Error('the set-up did not end')
  const api = new Api(
    product.url,
    await product.admin(['token', 'create', '--name', 'checks', '--role', 'admin']),
  )
  const uri = `test+tls://127.0.0.1:${daemon.tlsPort}/default?pkipath=${daemon.folder}`
  const wrong = { username: ACCOUNT.username, password: 'the wrong one' }
  const added = await api.request('POST', '/api/v1/hosts', { name: 'guarded', uri, credentials: wrong })
  expect(added.status).toBe(201)

  await signIn(page, product, 'ann')
  await page.goto(`${product.url}/hosts`)
  const state = page.locator('[data-host="guarded"]')
  await expect(state).toHaveAttribute('data-state', 'offline')

  const card = page.locator('.cs-host').filter({ has: state })
  const change = card.getByRole('button', { name: 'Name and password for guarded' })
  await change.click()
  const form = page.getByRole('dialog', { name: 'Name and password for guarded' })
  await expect(form.getByLabel('Name at the daemon')).toHaveValue(ACCOUNT.username)
  await expect(form.getByLabel('Password at the daemon')).toHaveValue('')
  await form.getByLabel('Password at the daemon').fill(ACCOUNT.password)
  await form.getByRole('button', { name: 'Save and connect anew' }).click()
  await expect(form).toBeHidden()
  await expect(state).toHaveAttribute('data-state', 'connected')

  await change.click()
  await form.getByRole('button', { name: 'Sign in without' }).click()
  await expect(state).toHaveAttribute('data-state', 'offline')
  await expect(card.getByText('Signs in as')).toBeHidden()

  const told = [
    JSON.stringify(await api.get('/api/v1/hosts')),
    JSON.stringify(await api.get('/api/v1/audit')),
    await page.content(),
    product.output,
  ].join()
  expect(told).toContain('guarded')
  expect(told).not.toContain(ACCOUNT.password)
  expect(told).not.toContain(wrong.password)
})
