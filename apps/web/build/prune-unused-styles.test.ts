import { describe, expect, it } from 'vitest'
import { pruneCustomProperties, pruneUnusedThemes, splitSelectors } from './prune-unused-styles.ts'

describe('themes that are never switched on', () => {
  it.each([
    ['a rule of an unused theme', ':root:where(.pf-v6-theme-glass){--a:1}', ''],
    [
      'a rule of the dark theme',
      ':root:where(.pf-v6-theme-dark){--a:1}',
      ':root:where(.pf-v6-theme-dark){--a:1}',
    ],
    ['one of two selectors', '.a,.pf-v6-theme-felt .a{color:red}', '.a{color:red}'],
    ['a rule for the absence of a theme', '.a:not(.pf-v6-theme-felt){b:c}', '.a:not(.pf-v6-theme-felt){b:c}'],
    [
      'a list that may match otherwise',
      ':is(.pf-v6-theme-felt,.a) b{c:d}',
      ':is(.pf-v6-theme-felt,.a) b{c:d}',
    ],
    [
      'a rule inside of a media query',
      '@media print{.pf-v6-theme-felt{a:b}.c{d:e}}',
      '@media print{.c{d:e}}',
    ],
  ])('%s', (_, style, expected) => {
    expect(pruneUnusedThemes(style)).toBe(expected)
  })

  it('are found in lists with parentheses', () => {
    expect(splitSelectors('a:is(b,c),d')).toEqual(['a:is(b,c)', 'd'])
  })
})

describe('custom properties', () => {
  it('stay when a rule or a script reads them, however indirectly', () => {
    const style = ':root{--pf-a:1;--pf-b:var(--pf-a);--pf-c:2;--pf-d:3}x{y:var(--pf-b)}'
    expect(pruneCustomProperties([style], ['"--pf-c"'])).toEqual([
      ':root{--pf-a:1;--pf-b:var(--pf-a);--pf-c:2;}x{y:var(--pf-b)}',
    ])
  })

  it('go together with the chain that only they had read', () => {
    expect(pruneCustomProperties([':root{--pf-a:1;--pf-b:var(--pf-a)}'], [])).toEqual([':root{}'])
  })

  it('are left alone where the value has quotes, which may hide a semicolon', () => {
    const style = ':root{--pf-a:url("data:x;y")}'
    expect(pruneCustomProperties([style], [])).toEqual([style])
  })
})
