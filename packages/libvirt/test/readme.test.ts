import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')

it('shows the example that runs, of about twenty lines', () => {
  const example = read('examples/unplug-vcpu.ts')
  expect(read('README.md')).toContain(`\`\`\`ts\n${example}\`\`\``)
  expect(example.split('\n').filter((line) => line !== '').length).toBeLessThanOrEqual(20)
})
