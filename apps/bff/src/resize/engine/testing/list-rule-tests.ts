import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import process from 'node:process'

const engine = new URL('../', import.meta.url)
export const RULES_FILE = new URL('../../resize-rules.md', import.meta.url)
export const LIST_HEADING = '## The tests of each rule'

/** Every text of the engine's folder by its path below it. */
export function readEngineSources(): Map<string, string> {
  const paths = readdirSync(engine, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .sort()
  return new Map(paths.map((path) => [path, readFileSync(new URL(path, engine), 'utf8')]))
}

/** Rules that the text defines, in its order: `R1`, `R2`, … */
export function definedRules(rules: string): string[] {
  return [...rules.matchAll(/^\*\*(R\d+)\. /gm)].map((match) => match[1] ?? '')
}

interface RuleTest {
  readonly rule: string
  readonly where: string
  readonly title: string
}

/** Titles that name a rule: of stories and tests, and of the promises that are checked after every step. */
function findTests(sources: ReadonlyMap<string, string>): RuleTest[] {
  const found: RuleTest[] = []
  for (const [where, text] of sources) {
    if (where.endsWith('stories.ts')) {
      for (const [, rule = '', title = ''] of text.matchAll(/^ {2}'(R\d+) ([^']+)':\s/gm)) {
        found.push({ rule, where, title })
      }
    } else if (where.endsWith('.test.ts')) {
      for (const [, rule = '', title = ''] of text.matchAll(/\bit\('(R\d+) ([^']+)'/g)) {
        found.push({ rule, where, title })
      }
    } else if (where === 'testing/promises.ts') {
      const flat = text.replaceAll(/\s+/g, ' ')
      for (const [, rule = '', , title = ''] of flat.matchAll(/'(R\d+)', (['`])(.+?)\2,? ?\)/g)) {
        found.push({ rule, where, title: title.replaceAll(/ ?\(?\$\{.*$/g, '') })
      }
    }
  }
  return found
}

/** The list under `LIST_HEADING`, as it has to be. */
export function listRuleTests(rules: readonly string[], sources: ReadonlyMap<string, string>): string {
  const tests = findTests(sources)
  const parts = rules.map((rule) => {
    const own = tests.filter((test) => test.rule === rule)
    return [`**${rule}**`, '', ...own.map(({ where, title }) => `- ${title} (\`${where}\`)`), ''].join('\n')
  })
  return parts.join('\n')
}

/** Rules that code or tests speak of, with the file. */
export function mentionedRules(sources: ReadonlyMap<string, string>): { rule: string; where: string }[] {
  return [...sources].flatMap(([where, text]) =>
    [...text.matchAll(/\bR\d+\b/g)].map(([rule]) => ({ rule, where })),
  )
}

// Run as a program it writes the list anew.
if (process.argv[1] !== undefined && import.meta.url.endsWith(process.argv[1].split('/').at(-1) ?? '?')) {
  const text = readFileSync(RULES_FILE, 'utf8')
  const [head = ''] = text.split(`${LIST_HEADING}\n`)
  const list = listRuleTests(definedRules(text), readEngineSources())
  const how =
    'Written by `node apps/bff/src/resize/engine/testing/list-rule-tests.ts`, and a test that it is up to date.'
  writeFileSync(RULES_FILE, `${head.trimEnd()}\n\n${LIST_HEADING}\n\n${how}\n\n${list}`)
}
