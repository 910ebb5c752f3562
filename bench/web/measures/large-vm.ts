import type { Browser } from '@playwright/test'
import { median } from '../../libvirt/statistics.ts'
import type { Figure } from '../figures.ts'
import type { ScriptedFeed } from '../page/scripted-feed.ts'
import { cpuBetween, traced } from '../trace.ts'

declare const feed: ScriptedFeed
declare const vmUuid: string

const VCPUS = 4096
const ROUNDS = 5

/** A VM with as many vCPUs as QEMU gives. */
export async function largeVm(browser: Browser, url: string): Promise<Figure[]> {
  const paints: number[] = []
  const costs: number[] = []
  const changes: { ms: number; frames: number }[] = []
  let nodes = 0
  for (let round = 0; round < ROUNDS; round += 1) {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    await page.goto(`${url}/index.html?vcpus=${VCPUS}`)
    await page.getByText('Waiting for the server').waitFor()
    const thread = await traced(page, async () => {
      const { paintMs } = await page.evaluate(() => feed.deliver(`vm:${vmUuid}`, '[data-vcpu]'))
      paints.push(paintMs)
    })
    costs.push(cpuBetween(thread, 'delivered', 'painted'))
    nodes = await page.evaluate(() => document.querySelectorAll('*').length)
    await page.waitForTimeout(300)
    changes.push(
      await page.evaluate(() => {
        const cell = document.querySelector<HTMLElement>('[data-vcpu]')
        const id = cell?.dataset['vcpu'] ?? ''
        const shown = () =>
          document.querySelector<HTMLElement>(`[data-vcpu="${id}"]`)?.dataset['state'] === 'stuck'
        return feed.change(`vm:${vmUuid}`, { vm: { vcpus: { [id]: { state: 'stuck' } } } }, shown)
      }),
    )
    await page.close()
  }
  return [
    {
      name: `VM of ${VCPUS} vCPUs: data to painted picture, median of ${ROUNDS}`,
      value: median(costs),
      unit: 'ms cpu',
      goal: { atMost: 100 },
    },
    { name: 'the same by the clock on the wall', value: median(paints), unit: 'ms' },
    { name: 'the same: elements on the page', value: nodes, unit: '', goal: { atMost: 3000 } },
    {
      name: 'one vCPU changes: frames until it is shown, median',
      value: median(changes.map(({ frames }) => frames)),
      unit: 'frames',
      goal: { atMost: 1 },
    },
    { name: 'the same: time, median', value: median(changes.map(({ ms }) => ms)), unit: 'ms' },
  ]
}
