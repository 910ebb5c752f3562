import { expect, test, type Page } from '@playwright/test'
import { WINDOWS, findings, resizeWindow, type WindowKind } from '../../support/accessible.ts'
import type { StaticServer } from '../../support/static-server.ts'
import { serveStories } from '../../support/stories.ts'

// Every state of every screen, without a server: nothing that axe would find, in any window and in both colours.

/** Each state is looked at in light and dark, and in each window; not in every pair of the two. */
const LOOKS = [
  { colorScheme: 'light', kind: 'usual' },
  { colorScheme: 'dark', kind: 'narrow' },
  { colorScheme: 'light', kind: 'zoomed' },
] as const satisfies readonly { colorScheme: 'light' | 'dark'; kind: WindowKind }[]

// A recording of some hundred pictures would cost more than the checks.
test.use({ trace: 'off' })

let server: StaticServer

test.beforeAll(async () => {
  server = await serveStories()
})

test.afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

async function storyNames(page: Page): Promise<string[]> {
  await page.goto(`${server.url}/stories.html`)
  return page.getByRole('link').allTextContents()
}

async function show(page: Page, name: string): Promise<void> {
  await page.evaluate((story) => {
    location.hash = story
  }, name)
  await expect(page.locator(`[data-story="${name}"]`).getByRole('heading').first()).toBeVisible()
}

for (const { colorScheme, kind } of LOOKS) {
  test(`no state of any screen has an obstacle: ${colorScheme}, ${kind}`, async ({ page }) => {
    test.setTimeout(120_000)
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await resizeWindow(await page.context().newCDPSession(page), kind)
    const found: Record<string, string[]> = {}
    for (const name of await storyNames(page)) {
      await show(page, name)
      const here = await findings(page)
      const beside = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      if (beside > 0) here.push(`wider than ${WINDOWS[kind].width} px by ${beside} px`)
      if (here.length > 0) found[name] = here
    }
    expect(found).toEqual({})
  })
}
