import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { VM_UUID } from './examples.ts'
import { testServer, type CallOptions } from './test-server.ts'

const ROOT = join(import.meta.dirname, '..', '..', '..')
const PAGES = ['README.md', 'docs/operations.md', 'docs/architecture.md'] as const

/** A `curl` of a page, as far as such examples use it. */
interface Example {
  readonly page: string
  readonly command: string
  readonly method: string
  readonly path: string
  readonly options: CallOptions
}

/** Every command line of the page's shell blocks that begins with `curl`. */
function curlsOf(page: string): string[] {
  const text = readFileSync(join(ROOT, page), 'utf8')
  const blocks = [...text.matchAll(/```sh\n(.*?)```/gs)].map(([, block = '']) => block)
  return blocks.flatMap((block) =>
    block
      .replaceAll(/\\\n\s*/g, ' ')
      .split('\n')
      .filter((line) => line.startsWith('curl ')),
  )
}

/** @throws Error for an option that this test does not know: teach it, or write a plainer example */
function exampleOf(page: string, command: string, token: string): Example {
  const filled = command.replaceAll('$TOKEN', token).replaceAll('$UUID', VM_UUID)
  const words = [...filled.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, plain]) => double ?? single ?? plain ?? '',
  )
  const headers: Record<string, string> = {}
  let method = 'GET'
  let body: string | undefined
  let path = ''
  for (let at = 1; at < words.length; at += 1) {
    const word = words[at] ?? ''
    if (word === '-H') {
      const [name = '', ...value] = (words[(at += 1)] ?? '').split(': ')
      headers[name] = value.join(': ')
    } else if (word === '-d') {
      body = words[(at += 1)] ?? ''
      if (method === 'GET') method = 'POST'
    } else if (word === '-X') method = words[(at += 1)] ?? ''
    else if (word === '-o') at += 1
    else if (word.startsWith('http')) path = word.replace(/^https?:\/\/[^/]+/, '')
    else throw new Error(`${page}: the test does not know "${word}" in: ${command}`)
  }
  return { page, command, method, path, options: { headers, ...(body === undefined ? {} : { body }) } }
}

describe('the examples in the documents', () => {
  it('run as they are written', async () => {
    await using server = await testServer()
    const token = await server.tokenFor('admin')
    const examples = PAGES.flatMap((page) => curlsOf(page).map((command) => exampleOf(page, command, token)))
    expect(examples.length).toBeGreaterThanOrEqual(2)
    for (const { command, method, path, options } of examples) {
      const response = await server.call(method, path, options)
      expect(response.status, `${command}\n${await response.text()}`).toBeLessThan(300)
    }
  })
})
