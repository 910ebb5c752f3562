import type { Browser, Page } from '@playwright/test'
import { median, quantile } from '../../libvirt/statistics.ts'
import type { Figure } from '../figures.ts'
import type { ScriptedFeed } from '../page/scripted-feed.ts'
import { cpuBetween, traced } from '../trace.ts'

declare const feed: ScriptedFeed

const MACHINES = 10_000
const ROUNDS = 5
const CHANGES_PER_SECOND = 200
const BUSY_MS = 6_000
const VIEWPORT = { width: 1440, height: 900 }

async function openFleet(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage({ viewport: VIEWPORT })
  page.on('pageerror', (error) => {
    throw error
  })
  await page.goto(`${url}/index.html?machines=${MACHINES}`)
  await page.getByText('Waiting for the server').waitFor()
  return page
}

const deliver = (page: Page) => page.evaluate(() => feed.deliver('fleet', '[data-row]'))

/** From the data to the frame that shows them. */
export async function fleetPaint(browser: Browser, url: string): Promise<Figure[]> {
  const paints: number[] = []
  const costs: number[] = []
  const decodes: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const page = await openFleet(browser, url)
    const thread = await traced(page, async () => {
      const { decodeMs, paintMs } = await deliver(page)
      paints.push(paintMs)
      decodes.push(decodeMs)
    })
    costs.push(cpuBetween(thread, 'delivered', 'painted'))
    await page.close()
  }
  return [
    {
      name: `fleet of ${MACHINES} machines: data to painted list, median of ${ROUNDS}`,
      value: median(costs),
      unit: 'ms cpu',
      goal: { atMost: 100 },
    },
    { name: 'the same by the clock on the wall', value: median(paints), unit: 'ms' },
    { name: 'decoding the text of the fleet before that', value: median(decodes), unit: 'ms' },
  ]
}

/** Scrolling and typing while the fleet changes. */
export async function busyFleet(browser: Browser, url: string): Promise<Figure[]> {
  const page = await openFleet(browser, url)
  await deliver(page)
  await page.evaluate(
    ({ machines, perSecond }) => {
      const uuids = Array.from(
        { length: machines },
        (_, n) => `00000000-0000-4000-8000-${String(n + 1).padStart(12, '0')}`,
      )
      const interactions: number[] = []
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) interactions.push(entry.duration)
      }).observe({ type: 'event', durationThreshold: 16, buffered: false } as PerformanceObserverInit)
      Object.assign(globalThis, { interactions })
      feed.start('fleet', perSecond, (n) => {
        const uuid = uuids[(n * 7919) % uuids.length] ?? ''
        return { vms: { [uuid]: { loadPercent: n % 101, rev: n, pendingVcpus: n % 3 === 0 ? 2 : 0 } } }
      })
    },
    { machines: MACHINES, perSecond: CHANGES_PER_SECOND },
  )

  let nodesMax = 0
  const countNodes = async () => {
    const nodes = await page.evaluate(() => document.querySelectorAll('*').length)
    nodesMax = Math.max(nodesMax, nodes)
  }
  const { tasks } = await traced(page, async () => {
    const end = Date.now() + BUSY_MS / 2
    await page.mouse.move(700, 500)
    while (Date.now() < end) {
      await page.mouse.wheel(0, 900)
      await page.waitForTimeout(60)
    }
    await countNodes()
    await page.getByRole('searchbox').click()
    for (const letter of 'web-1 lab') {
      await page.keyboard.press(letter === ' ' ? 'Space' : letter)
      await page.waitForTimeout(150)
    }
    for (let n = 0; n < 9; n += 1) {
      await page.keyboard.press('Backspace')
      await page.waitForTimeout(150)
    }
    await countNodes()
  })
  const { interactions } = await page.evaluate(() => {
    feed.stop()
    return { interactions: (globalThis as typeof globalThis & { interactions: number[] }).interactions }
  })
  await page.close()
  return [
    {
      name: `${CHANGES_PER_SECOND} changes a second, scrolling and typing: longest task`,
      value: Math.max(...tasks.map(({ cpuMs }) => cpuMs)),
      unit: 'ms cpu',
      goal: { atMost: 50 },
    },
    {
      name: 'the same by the clock on the wall',
      value: Math.max(...tasks.map(({ wallMs }) => wallMs)),
      unit: 'ms',
    },
    {
      name: 'the same: 99 of 100 tasks take at most',
      value: quantile(
        tasks.map(({ cpuMs }) => cpuMs),
        0.99,
      ),
      unit: 'ms cpu',
    },
    {
      name: 'the same: interaction to next paint, 98 of 100',
      // Interactions that took less than 16 ms are not reported by the browser.
      value: interactions.length === 0 ? 16 : quantile(interactions, 0.98),
      unit: 'ms',
      goal: { atMost: 100 },
    },
    { name: 'the same: elements on the page', value: nodesMax, unit: '', goal: { atMost: 3000 } },
  ]
}

/** One change of a machine in view. */
export async function changeInFleet(browser: Browser, url: string): Promise<Figure[]> {
  const page = await openFleet(browser, url)
  await deliver(page)
  await page.waitForTimeout(300)
  const results: { ms: number; frames: number }[] = []
  for (let n = 0; n < 30; n += 1) {
    results.push(
      await page.evaluate(
        (load) => {
          const row = document.querySelector<HTMLElement>('[data-row]')
          const uuid = row?.dataset['row'] ?? ''
          const shown = () =>
            document.querySelector(`[data-row="${uuid}"] .cs-load`)?.textContent.includes(`${load} %`) ===
            true
          return feed.change('fleet', { vms: { [uuid]: { loadPercent: load } } }, shown)
        },
        (n * 13) % 101,
      ),
    )
  }
  await page.close()
  return [
    {
      name: 'one change in the fleet: frames until it is shown, median',
      value: median(results.map(({ frames }) => frames)),
      unit: 'frames',
      goal: { atMost: 1 },
    },
    { name: 'the same: time, median', value: median(results.map(({ ms }) => ms)), unit: 'ms' },
  ]
}
