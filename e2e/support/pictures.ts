import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import { WINDOWS } from './accessible.ts'

const folder = fileURLToPath(new URL('../../artifacts/screens', import.meta.url))

/** Keeps what a screen looks like, light and dark, in a narrow, a usual and a wide window, for people to look at. */
export async function keepPictures(page: Page, name: string): Promise<void> {
  const before = page.viewportSize()
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const kind of ['narrow', 'usual', 'wide'] as const) {
      await page.setViewportSize(WINDOWS[kind])
      await page.screenshot({ path: join(folder, `${name}-${colorScheme}-${kind}.png`) })
    }
  }
  await page.emulateMedia({ colorScheme: null })
  if (before) await page.setViewportSize(before)
}
