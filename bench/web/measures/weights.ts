import type { Browser, Page } from '@playwright/test'
import { Product } from '../../../e2e/support/product.ts'
import { PASSWORD, openVm, signIn } from '../../../e2e/support/sign-in.ts'
import type { Figure } from '../figures.ts'

const KB = 1000

/** Adds up scripts and styles as they come over the network. */
async function countedBytes(page: Page): Promise<() => number> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Network.enable')
  const wanted = new Set<string>()
  let bytes = 0
  devtools.on('Network.responseReceived', ({ requestId, type }) => {
    if (type === 'Script' || type === 'Stylesheet') wanted.add(requestId)
  })
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (wanted.has(requestId)) bytes += encodedDataLength
  })
  return () => bytes
}

/** What the browser loads of the product as it is served, from sign-in to a machine. Needs a built page. */
export async function weights(browser: Browser): Promise<Figure[]> {
  const product = await Product.start()
  try {
    await product.admin(['user', 'add', 'ann', '--role', 'admin', '--password-stdin'], PASSWORD)
    const page = await browser.newPage()
    const bytes = await countedBytes(page)
    await signIn(page, product, 'ann')
    await page.waitForLoadState('networkidle')
    const first = bytes()
    await openVm(page, 'web-01')
    await page.waitForLoadState('networkidle')
    await page.close()
    return [
      { name: 'sign-in and fleet: scripts and styles', value: first / KB, unit: 'kB', goal: { atMost: 250 } },
      {
        name: 'the VM page: scripts and styles in addition',
        value: (bytes() - first) / KB,
        unit: 'kB',
        goal: { atMost: 80 },
      },
    ]
  } finally {
    await product.stop()
  }
}
