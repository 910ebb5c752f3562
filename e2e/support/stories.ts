import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { serveFolder, type StaticServer } from './static-server.ts'

const web = fileURLToPath(new URL('../../apps/web', import.meta.url))
const vite = fileURLToPath(new URL('../../node_modules/vite/bin/vite.js', import.meta.url))

/** Builds every state of every screen and serves them; `/stories.html#name` shows one. */
export async function serveStories(): Promise<StaticServer> {
  await promisify(execFile)(process.execPath, [vite, 'build', '--mode', 'stories', '--logLevel', 'error'], {
    cwd: web,
  })
  return serveFolder(join(web, 'artifacts/stories'))
}
