import { ParseOption, XmlDocument, XmlElement } from 'libxml2-wasm'
import { DomainXmlError } from '../inventory/parse-domain-xml.ts'

/** No network, no external entities, no entity substitution: a domain's XML needs none of them. */
const SAFE =
  ParseOption.XML_PARSE_NONET |
  ParseOption.XML_PARSE_NO_XXE |
  ParseOption.XML_PARSE_NOERROR |
  ParseOption.XML_PARSE_NOWARNING

/**
 * Opens a domain's XML as a document, lets `work` read or edit it, and closes it again.
 * @throws DomainXmlError when it is not well-formed, brings entities of its own or is no domain
 */
export function withDomain<T>(xml: string, work: (domain: XmlElement, document: XmlDocument) => T): T {
  let document: XmlDocument
  try {
    document = XmlDocument.fromString(xml, { option: SAFE })
  } catch (cause) {
    throw new DomainXmlError(`The domain XML is not well-formed: ${String(cause)}`, { cause })
  }
  try {
    if (document.dtd !== null) throw new DomainXmlError('A domain XML has no document type declaration.')
    if (document.root.name !== 'domain') {
      throw new DomainXmlError(`The document is a <${document.root.name}>, not a <domain>.`)
    }
    return work(document.root, document)
  } finally {
    document.dispose()
  }
}

/** The document as text, without an XML declaration, as libvirt prints it. */
export function printDomain(document: XmlDocument): string {
  return document.toString({ noDeclaration: true })
}

/** The first child element of that name (libvirt's own elements have no namespace). */
export function childElement(parent: XmlElement, name: string): XmlElement | undefined {
  return childElements(parent, name)[0]
}

export function childElements(parent: XmlElement, name: string): XmlElement[] {
  const found: XmlElement[] = []
  for (let node = parent.firstChild; node !== null; node = node.next) {
    if (node instanceof XmlElement && node.name === name && node.namespaceUri === '') found.push(node)
  }
  return found
}
