import { ParseOption, XmlDocument, XmlElement, XmlParseError, XmlText, XmlCData } from 'libxml2-wasm'
import type { XmlTree } from './xml-tree.ts'

/** The text is no XML. */
export class XmlSyntaxError extends Error {
  override readonly name = 'XmlSyntaxError'
  /** Counted from 1. */
  readonly line: number

  constructor(message: string, line: number) {
    super(message)
    this.line = line
  }
}

/** Nothing outside the text is read: no network, no entities of its own, no external subset. */
const OPTIONS = ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_NO_XXE

/** Reads a document. A document type is refused, because libvirt's XML has none. Throws XmlSyntaxError. */
export function parseXml(text: string): XmlTree {
  let document: XmlDocument
  try {
    document = XmlDocument.fromString(text, { option: OPTIONS })
  } catch (error) {
    if (!(error instanceof XmlParseError)) throw error
    throw new XmlSyntaxError(error.message.trim(), error.details[0]?.line ?? 1)
  }
  try {
    if (document.dtd !== null) throw new XmlSyntaxError('a document type declaration is not allowed', 1)
    return treeOf(document.root)
  } finally {
    document.dispose()
  }
}

function treeOf(node: XmlElement): XmlTree {
  const attributes: [string, string][] = Object.entries(node.nsDeclarations).map(([prefix, uri]) => [
    prefix === '' ? 'xmlns' : `xmlns:${prefix}`,
    uri,
  ])
  for (const each of node.attrs) attributes.push([qualified(each.prefix, each.name), each.value])
  const children: (XmlTree | string)[] = []
  let blank = true
  for (let each = node.firstChild; each !== null; each = each.next) {
    if (each instanceof XmlElement) children.push(treeOf(each))
    else if (each instanceof XmlText || each instanceof XmlCData) {
      const { content } = each
      if (content.trim() !== '') blank = false
      children.push(content)
    }
  }
  // White space between elements is layout; libvirt drops it and prints its own.
  const kept =
    blank && children.some((each) => typeof each !== 'string')
      ? children.filter((each) => typeof each !== 'string')
      : children
  return { name: qualified(node.prefix, node.name), attributes, children: kept }
}

function qualified(prefix: string, name: string): string {
  return prefix === '' ? name : `${prefix}:${name}`
}
