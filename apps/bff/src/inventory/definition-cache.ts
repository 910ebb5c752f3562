import { hash } from 'node:crypto'
import type { DomainDefinition } from './domain-definition.ts'
import { parseDomainXml } from './parse-domain-xml.ts'

/** A domain has two definitions: of the running machine and the stored one. */
type DefinitionKind = 'live' | 'stored'

interface Parsed {
  /** Of the text: the text itself would be kept twice for every VM. */
  readonly digest: string
  readonly definition: DomainDefinition
}

/** Parses a definition's text once for as long as it stays the same: most reads of a VM find nothing new. */
export class DefinitionCache {
  readonly #parsed: Readonly<Record<DefinitionKind, Map<string, Parsed>>> = {
    live: new Map(),
    stored: new Map(),
  }

  /**
   * @returns the same object for the same text
   * @throws DomainXmlError
   */
  parse(uuid: string, kind: DefinitionKind, xml: string): DomainDefinition {
    const digest = hash('sha256', xml, 'base64')
    const known = this.#parsed[kind].get(uuid)
    if (known?.digest === digest) return known.definition
    const definition = parseDomainXml(xml)
    this.#parsed[kind].set(uuid, { digest, definition })
    return definition
  }

  forget(uuid: string): void {
    this.#parsed.live.delete(uuid)
    this.#parsed.stored.delete(uuid)
  }
}
