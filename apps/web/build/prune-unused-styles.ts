import type { Plugin } from 'vite'

/** A custom property with a plain value: values with quotes or parentheses around `;` or `{` are left alone. */
const DEFINITION = /(?<=[{;])(--pf-[\w-]+):([^;{}"']*)(?:;|(?=\}))/g
const REFERENCE = /--pf-[\w-]+/g

function countUses(texts: Iterable<string>): Set<string> {
  const used = new Set<string>()
  for (const text of texts) {
    for (const [name] of text.matchAll(REFERENCE)) used.add(name)
  }
  return used
}

/** Takes out the definitions of PatternFly's custom properties that nothing reads, over and over until none is left. */
export function pruneCustomProperties(styles: readonly string[], scripts: readonly string[]): string[] {
  const usedByScripts = countUses(scripts)
  let current = [...styles]
  for (;;) {
    const used = new Set(usedByScripts)
    for (const name of countUses(
      current.map((style) => style.replace(DEFINITION, (_, __, value: string) => `;${value};`)),
    )) {
      used.add(name)
    }
    const next = current.map((style) =>
      style.replace(DEFINITION, (whole, name: string) => (used.has(name) ? whole : '')),
    )
    if (next.every((style, index) => style === current[index])) return next
    current = next
  }
}

/**
 * PatternFly's base style sheet defines some 2,700 design tokens for themes that this page does not offer; of
 * those it reads a few hundred. The rest would be downloaded and parsed before the first paint.
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
        sheets.map((sheet) => String(sheet.source)),
        scripts,
      )
      for (const [index, sheet] of sheets.entries()) sheet.source = pruned[index] ?? sheet.source
    },
  }
}
