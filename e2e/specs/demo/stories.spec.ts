import { expect, test, type Page } from '@playwright/test'
import { LOOKS, WINDOWS, findings, overflow } from '../../support/accessible.ts'
import type { StaticServer } from '../../support/static-server.ts'
import { serveStories } from '../../support/stories.ts'

// Every state of every screen, without a server: nothing that axe would find, in any window and in both colours.

// A recording of some hundred pictures would cost more than the checks.
test.use({ trace: 'off' })

/** A busy machine with two processors needs about a second for one. */
const STORY_LIMIT_MS = 10_000

let server: StaticServer

test.beforeAll(async () => {
  server = await serveStories()
})

test.afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

async function storyNames(page: Page): Promise<string[]> {
  await page.goto(`${server.url}/stories.html`)
  const links = page.getByRole('link')
  await expect(links.first()).toBeVisible()
  return links.allTextContents()
}

async function show(page: Page, name: string): Promise<void> {
  await page.evaluate((story) => {
    location.hash = story
  }, name)
  await expect(page.locator(`[data-story="${name}"]`).getByRole('heading').first()).toBeVisible()
}

for (const { colorScheme, kind } of LOOKS) {
  test(`no state of any screen has an obstacle: ${colorScheme}, ${kind}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.setViewportSize(WINDOWS[kind])
    const names = await storyNames(page)
    test.setTimeout(test.info().timeout + names.length * STORY_LIMIT_MS)
    const found: Record<string, string[]> = {}
    for (const name of names) {
      await show(page, name)
      const here = [...(await findings(page)), ...(await overflow(page))]
      if (here.length > 0) found[name] = here
    }
    expect(found).toEqual({})
  })
}
