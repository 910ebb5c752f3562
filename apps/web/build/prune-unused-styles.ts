import type { Plugin } from 'vite'

/** A custom property with a plain value: values with quotes around `;` or `{` are left alone. */
const DEFINITION = /(?<=[{;])(--pf-[\w-]+):([^;{}"']*)(?:;|(?=\}))/g
const REFERENCE = /--pf-[\w-]+/g

/** Rules without nested braces, each with its selector list. */
const RULE = /([^{}]+)\{([^{}]*)\}/g

/** Themes that this page does not offer, and PatternFly's icon font, which it does not use. */
const UNUSED_CLASSES = /\.pf-v6-(?:theme-(?:felt|glass|high-contrast)|pficon)/

function namesIn(texts: Iterable<string>): Set<string> {
  const names = new Set<string>()
  for (const text of texts) {
    for (const [name] of text.matchAll(REFERENCE)) names.add(name)
  }
  return names
}

/** Parts of a selector list; commas inside of parentheses do not separate. */
export function splitSelectors(list: string): string[] {
  const parts: string[] = []
  let depth = 0
  let start = 0
  for (let index = 0; index < list.length; index += 1) {
    const sign = list.charAt(index)
    if (sign === '(') depth += 1
    if (sign === ')') depth -= 1
    if (sign === ',' && depth === 0) {
      parts.push(list.slice(start, index))
      start = index + 1
    }
  }
  return [...parts, list.slice(start)]
}

/** Whether the selector can only match an element that has one of the unused classes. */
function needsUnusedClass(selector: string): boolean {
  const positive = selector.replace(/:not\([^()]*\)/g, '')
  // A list inside of :is() or :where() may have another member that matches.
  return UNUSED_CLASSES.test(positive) && !/:(?:is|where)\([^()]*,[^()]*\)/.test(positive)
}

/** Takes out selectors of themes that are never switched on, and rules that have no other. */
export function pruneUnusedThemes(style: string): string {
  return style.replace(RULE, (whole, list: string, body: string) => {
    if (!UNUSED_CLASSES.test(list)) return whole
    const kept = splitSelectors(list).filter((selector) => !needsUnusedClass(selector))
    return kept.length === 0 ? '' : `${kept.join(',')}{${body}}`
  })
}

/** Takes out the definitions of PatternFly's custom properties that nothing reads, over and over until none is left. */
export function pruneCustomProperties(styles: readonly string[], scripts: readonly string[]): string[] {
  const usedByScripts = namesIn(scripts)
  let current = [...styles]
  for (;;) {
    const readers = current.map((style) => style.replace(DEFINITION, (_, __, value: string) => `;${value};`))
    const used = usedByScripts.union(namesIn(readers))
    const next = current.map((style) =>
      style.replace(DEFINITION, (whole, name: string) => (used.has(name) ? whole : '')),
    )
    if (next.every((style, index) => style === current[index])) return next
    current = next
  }
}

/**
 * PatternFly's base style sheet defines some 2,700 design tokens, most of them for themes that this page does not
 * offer; of those it reads a few hundred. The rest would be downloaded and parsed before the first paint.
 */
export function pruneUnusedStyles(): Plugin {
  return {
    name: 'prune-unused-styles',
    apply: 'build',
    enforce: 'post',
    generateBundle(_, bundle) {
      const files = Object.values(bundle)
      const sheets = files.flatMap((file) =>
        file.type === 'asset' && file.fileName.endsWith('.css') ? [file] : [],
      )
      const scripts = files.flatMap((file) => (file.type === 'chunk' ? [file.code] : []))
      const pruned = pruneCustomProperties(
        sheets.map((sheet) => pruneUnusedThemes(String(sheet.source))),
        scripts,
      )
      for (const [index, sheet] of sheets.entries()) sheet.source = pruned[index] ?? sheet.source
    },
  }
}
