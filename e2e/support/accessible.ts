import axe, { type AxeResults } from 'axe-core'
import { expect, type CDPSession, type Page } from '@playwright/test'

/** WCAG 2.2 up to level AA, and the rule on the size of targets, which axe leaves off by itself. */
const RULES = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
  rules: { 'target-size': { enabled: true } },
  resultTypes: ['violations'],
} satisfies axe.RunOptions

/** What the window looks like. 200 % zoom leaves half the CSS pixels on a screen of twice the density. */
export const WINDOWS = {
  usual: { width: 1280, height: 900, deviceScaleFactor: 1 },
  zoomed: { width: 640, height: 450, deviceScaleFactor: 2 },
  narrow: { width: 320, height: 800, deviceScaleFactor: 1 },
} as const
export type WindowKind = keyof typeof WINDOWS

/** What axe finds, each as one line: the rule, and the elements. */
export async function findings(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source)
  const { violations } = await page.evaluate(
    (options) =>
      (globalThis as unknown as { axe: { run(o: unknown): Promise<AxeResults> } }).axe.run(options),
    RULES,
  )
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)
}

/** At 320 px nothing may lie beside the screen, except what scrolls by itself. */
async function overflow(page: Page): Promise<string[]> {
  const px = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  return px > 0 ? [`the page is ${px} px wider than the window`] : []
}

/** Changes the window without a new page. */
export async function resizeWindow(devtools: CDPSession, kind: WindowKind): Promise<void> {
  await devtools.send('Emulation.setDeviceMetricsOverride', { ...WINDOWS[kind], mobile: false })
}

/** Fails with every finding in every window and in both colour schemes. */
export async function expectAccessible(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page)
  const found: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const kind of ['usual', 'zoomed', 'narrow'] as const) {
      await resizeWindow(devtools, kind)
      const here = [...(await findings(page)), ...(await overflow(page))]
      found.push(...here.map((line) => `${colorScheme}, ${kind}: ${line}`))
    }
  }
  await devtools.send('Emulation.clearDeviceMetricsOverride')
  await devtools.detach()
  await page.emulateMedia({ colorScheme: null })
  expect(found).toEqual([])
}
