import type { XmlTree } from './xml-tree.ts'

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

const MARKS = /[&<>"']/

/** Text as libvirt escapes it, in attributes and in elements alike (virBufferEscapeString). */
export function escapeXml(text: string): string {
  // Hardly any text has a mark, and every definition that is asked for is printed anew.
  return MARKS.test(text) ? text.replace(/[&<>"']/g, (mark) => ESCAPES[mark] ?? mark) : text
}

/** An element as libvirt's own formatter writes it: single quotes, two spaces per level, ends with a line break. */
export function printLibvirtXml(tree: XmlTree, level = 0): string {
  const pad = '  '.repeat(level)
  let start = `${pad}<${tree.name}`
  for (const [name, value] of tree.attributes) start += ` ${name}='${escapeXml(value)}'`
  if (tree.children.length === 0) return `${start}/>\n`
  if (tree.children.every((child) => typeof child === 'string')) {
    return `${start}>${escapeXml(tree.children.join(''))}</${tree.name}>\n`
  }
  let inside = ''
  for (const child of tree.children) {
    inside +=
      typeof child === 'string' ? `${pad}  ${escapeXml(child.trim())}\n` : printLibvirtXml(child, level + 1)
  }
  return `${start}>\n${inside}${pad}</${tree.name}>\n`
}

/**
 * An element as libxml2 dumps it, which is how libvirt prints users' own metadata: double quotes, fewer escapes.
 * No line break at the end.
 */
export function printPlainXml(tree: XmlTree, level = 0): string {
  const pad = '  '.repeat(level)
  const attributes = tree.attributes
    .map(([name, value]) => ` ${name}="${value.replace(/[&<>"]/g, (mark) => ESCAPES[mark] ?? mark)}"`)
    .join('')
  if (tree.children.length === 0) return `<${tree.name}${attributes}/>`
  const mixed = tree.children.some((child) => typeof child === 'string')
  const inside = tree.children.map((child) => {
    if (typeof child === 'string') return child.replace(/[&<>]/g, (mark) => ESCAPES[mark] ?? mark)
    return mixed ? printPlainXml(child, level) : `\n${pad}  ${printPlainXml(child, level + 1)}`
  })
  return `<${tree.name}${attributes}>${inside.join('')}${mixed ? '' : `\n${pad}`}</${tree.name}>`
}
