import { appendFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Layout } from './layout.ts'

/** Writes down why a build failed, and gives the file to read. */
export async function recordFailure(layout: Layout, error: Error): Promise<string> {
  await mkdir(layout.logs, { recursive: true })
  const file = join(layout.logs, 'failures.log')
  await appendFile(file, `${error.message}\n`)
  return file
}
