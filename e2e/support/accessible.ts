import axe from 'axe-core'
import { expect, type Page } from '@playwright/test'

/** WCAG 2.2 up to level AA, and the rule on the size of targets, which axe leaves off by itself. */
const RULES = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
  rules: { 'target-size': { enabled: true } },
  resultTypes: ['violations'],
} satisfies axe.RunOptions

/** Sizes in CSS pixels. At 200 % zoom a window has half of them. */
export const WINDOWS = {
  usual: { width: 1280, height: 900 },
  zoomed: { width: 640, height: 450 },
  narrow: { width: 320, height: 800 },
  wide: { width: 2560, height: 1440 },
} as const
type WindowKind = keyof typeof WINDOWS

/** Light and dark, and each window; not every pair of the two. */
export const LOOKS = [
  { colorScheme: 'light', kind: 'usual' },
  { colorScheme: 'dark', kind: 'narrow' },
  { colorScheme: 'light', kind: 'zoomed' },
] as const satisfies readonly { colorScheme: 'light' | 'dark'; kind: WindowKind }[]

/** What axe finds, each as one line: the rule, and the elements. */
export async function findings(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source)
  await atRest(page)
  const { violations } = await page.evaluate(
    (options) => (globalThis as typeof globalThis & { axe: Pick<typeof axe, 'run'> }).axe.run(options),
    RULES,
  )
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)
}

/** Colours on their way from one scheme to the other are judged when they have arrived. */
async function atRest(page: Page): Promise<void> {
  await page.evaluate(async () => {
    // Style is worked out in the first frame, and transitions begin; in the second they can be seen.
    for (let frame = 0; frame < 2; frame++) await new Promise((resolve) => requestAnimationFrame(resolve))
    const ending = document
      .getAnimations()
      .filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity)
    await Promise.allSettled(ending.map(({ finished }) => finished))
  })
}

/** Nothing may lie beside the window, except what scrolls by itself. */
export async function overflow(page: Page): Promise<string[]> {
  const tooWide = await page.evaluate(() =>
    [document.documentElement, ...document.querySelectorAll('main')].map((element) => ({
      what: element.localName,
      px: element.scrollWidth - element.clientWidth,
    })),
  )
  return tooWide
    .filter(({ px }) => px > 0)
    .map(({ what, px }) => `${what} is ${px} px wider than it is shown`)
}

/** Fails with every finding in every look. */
export async function expectAccessible(page: Page): Promise<void> {
  const before = page.viewportSize()
  const found: string[] = []
  for (const { colorScheme, kind } of LOOKS) {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize(WINDOWS[kind])
    const here = [...(await findings(page)), ...(await overflow(page))]
    found.push(...here.map((line) => `${colorScheme}, ${kind}: ${line}`))
  }
  await page.emulateMedia({ colorScheme: null })
  if (before) await page.setViewportSize(before)
  expect(found).toEqual([])
}
