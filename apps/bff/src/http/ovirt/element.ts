/** A part of an oVirt answer: text, or named parts. Attributes begin with `@`; a list repeats its element. */
export interface OvirtElement {
  readonly [name: string]: string | OvirtElement | readonly OvirtElement[]
}

/** Characters that XML 1.0 does not know at all; a description may hold them. */
// oxlint-disable-next-line no-control-regex -- these characters are what has to go
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

function escaped(text: string): string {
  return text
    .replaceAll(NOT_XML, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

/** As XML, in oVirt's shape. */
export function toXml(name: string, element: OvirtElement): string {
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${print(name, element, '')}`
}

function print(name: string, value: string | OvirtElement, indent: string): string {
  if (typeof value === 'string') return `${indent}<${name}>${escaped(value)}</${name}>\n`
  const parts = Object.entries(value)
  const attributes = parts.flatMap(([key, part]) =>
    key.startsWith('@') && typeof part === 'string' ? [` ${key.slice(1)}="${escaped(part)}"`] : [],
  )
  const inner = parts
    .filter(([key]) => !key.startsWith('@'))
    .map(([key, part]) => printPart(key, part, `${indent}    `))
    .join('')
  const open = `${indent}<${name}${attributes.join('')}`
  return inner === '' ? `${open}/>\n` : `${open}>\n${inner}${indent}</${name}>\n`
}

function printPart(key: string, part: OvirtElement[string], indent: string): string {
  return isList(part) ? part.map((one) => print(key, one, indent)).join('') : print(key, part, indent)
}

/** As JSON, in oVirt's shape: attributes are members like others. */
export function toJson(element: OvirtElement): object {
  return Object.fromEntries(
    Object.entries(element).map(([key, part]) => [key.replace(/^@/, ''), jsonOf(part)]),
  )
}

function jsonOf(part: OvirtElement[string]): unknown {
  if (typeof part === 'string') return part
  return isList(part) ? part.map(toJson) : toJson(part)
}

function isList(part: OvirtElement[string]): part is readonly OvirtElement[] {
  return Array.isArray(part)
}
