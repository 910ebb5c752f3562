import { chromium } from '@playwright/test'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { CHROMIUM_FLAGS, chromiumPath } from '../../e2e/support/chromium.ts'
import { serveFolder } from '../../e2e/support/static-server.ts'
import { figureLine, isMet, type Figure } from './figures.ts'
import { busyFleet, changeInFleet, fleetPaint } from './measures/fleet.ts'
import { largeVm } from './measures/large-vm.ts'
import { weights } from './measures/weights.ts'

await build({ configFile: fileURLToPath(new URL('page/vite.config.ts', import.meta.url)) })
await using server = await serveFolder(fileURLToPath(new URL('../../artifacts/bench-web', import.meta.url)))
const executablePath = chromiumPath()
const browser = await chromium.launch({
  args: CHROMIUM_FLAGS,
  ...(executablePath !== undefined && { executablePath }),
})

const figures: Figure[] = []
for (const measure of [weights, fleetPaint, busyFleet, changeInFleet, largeVm]) {
  for (const figure of await measure(browser, server.url)) {
    console.log(figureLine(figure))
    figures.push(figure)
  }
}
await browser.close()
process.exitCode = figures.every(isMet) ? 0 : 1
