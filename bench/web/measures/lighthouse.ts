import { execFile } from 'node:child_process'
import { access, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { chromium } from '@playwright/test'
import { CHROMIUM_FLAGS, chromiumPath } from '../../../e2e/support/chromium.ts'
import { Product } from '../../../e2e/support/product.ts'
import { PASSWORD, openVm, signIn } from '../../../e2e/support/sign-in.ts'
import type { Figure } from '../figures.ts'

const VERSION = '13.5.0'
const FOLDER = join(homedir(), '.cache', 'coreshift', `lighthouse-${VERSION}`)
const PACKAGE = join(FOLDER, 'node_modules', 'lighthouse')
const INSTALL_LIMIT_MS = 300_000
const GOAL = 95
const CATEGORIES = ['performance', 'accessibility', 'best-practices'] as const

interface Audit {
  readonly title: string
  readonly score: number | null
}

/** What is read of Lighthouse's report. */
interface Report {
  readonly categories: Readonly<
    Record<string, { readonly score: number | null; readonly auditRefs: readonly AuditReference[] }>
  >
  readonly audits: Readonly<Record<string, Audit>>
}

interface AuditReference {
  readonly id: string
  readonly weight: number
}

type Lighthouse = (
  url: string,
  flags: Readonly<Record<string, unknown>>,
  config: unknown,
) => Promise<{ readonly lhr: Report } | undefined>

/** Lighthouse is large and serves this measurement alone: it is installed beside the project, when it is asked for. */
async function loadLighthouse(): Promise<{ lighthouse: Lighthouse; desktop: unknown }> {
  try {
    await access(join(PACKAGE, 'package.json'))
  } catch {
    const wanted = ['install', '--prefix', FOLDER, '--no-audit', '--no-fund', `lighthouse@${VERSION}`]
    await promisify(execFile)('npm', wanted, { timeout: INSTALL_LIMIT_MS })
  }
  const load = async (path: string) =>
    (await import(pathToFileURL(join(PACKAGE, path)).href)) as { readonly default: unknown }
  return {
    lighthouse: (await load('core/index.js')).default as Lighthouse,
    desktop: (await load('core/config/desktop-config.js')).default,
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no free port was given')
  return address.port
}

/** Scores of one screen; on standard error, what costs points. */
function scores(screen: string, { categories, audits }: Report): Figure[] {
  return CATEGORIES.map((category) => {
    const result = categories[category]
    for (const { id, weight } of result?.auditRefs ?? []) {
      const audit = audits[id]
      if (weight > 0 && audit && audit.score !== null && audit.score < 0.9) {
        console.error(`${screen}, ${category}: ${audit.title} (${Math.round(audit.score * 100)})`)
      }
    }
    return {
      name: `Lighthouse, ${screen}: ${category}`,
      value: Math.round((result?.score ?? 0) * 100),
      unit: '',
      goal: { atLeast: GOAL },
    }
  })
}

/** Lighthouse on the demo, as it is served: the screens of an administrator with a desktop. Needs a built page. */
export async function lighthouseScores(): Promise<Figure[]> {
  const { lighthouse, desktop } = await loadLighthouse()
  const product = await Product.start()
  const profile = await mkdtemp(join(tmpdir(), 'coreshift-lighthouse-'))
  const port = await freePort()
  const executablePath = chromiumPath()
  const context = await chromium.launchPersistentContext(profile, {
    args: [...CHROMIUM_FLAGS, `--remote-debugging-port=${port}`],
    ...(executablePath !== undefined && { executablePath }),
  })
  try {
    await product.admin(['user', 'add', 'ann', '--role', 'admin', '--password-stdin'], PASSWORD)
    const measure = async (screen: string, url: string) => {
      const result = await lighthouse(
        url,
        // The session of the person who signed in has to stay.
        { port, disableStorageReset: true, onlyCategories: CATEGORIES, logLevel: 'error' },
        desktop,
      )
      if (!result) throw new Error(`Lighthouse gave no report of ${url}`)
      return scores(screen, result.lhr)
    }
    const figures = await measure('sign-in', `${product.url}/`)
    const page = await context.newPage()
    await signIn(page, product, 'ann')
    await openVm(page, 'web-01')
    const vmUrl = page.url()
    await page.close()
    figures.push(...(await measure('fleet', `${product.url}/`)), ...(await measure('VM', vmUrl)))
    return figures
  } finally {
    await context.close()
    await product.stop()
    await rm(profile, { recursive: true, force: true })
  }
}
