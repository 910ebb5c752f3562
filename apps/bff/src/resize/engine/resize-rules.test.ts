import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  LIST_HEADING,
  RULES_FILE,
  definedRules,
  listRuleTests,
  mentionedRules,
  readEngineSources,
} from './testing/list-rule-tests.ts'

const text = readFileSync(RULES_FILE, 'utf8')
const rules = definedRules(text)
const sources = readEngineSources()

describe('resize-rules.md', () => {
  it('numbers its rules from R1 without a gap and without a double', () => {
    const numbers = rules.map((rule) => Number(rule.slice(1))).sort((a, b) => a - b)
    expect(numbers).toEqual(numbers.map((_, index) => index + 1))
  })

  it('names the tests of each rule as they are called', () => {
    const list = text.split(`${LIST_HEADING}\n`)[1] ?? ''
    expect(list.trim().split('\n').slice(2).join('\n')).toBe(listRuleTests(rules, sources).trimEnd())
  })

  it.each(rules)('%s has a test', (rule) => {
    expect(
      listRuleTests([rule], sources)
        .split('\n')
        .filter((line) => line.startsWith('- ')),
    ).not.toEqual([])
  })

  it('knows every rule that code and tests speak of', () => {
    expect(mentionedRules(sources).filter(({ rule }) => !rules.includes(rule))).toEqual([])
  })
})
