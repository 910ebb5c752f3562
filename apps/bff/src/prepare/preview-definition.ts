import type { DefinitionFacts } from '@coreshift/shared'
import { printDomain, withDomain } from './domain-document.ts'
import { keepDefinition, putBackDefinition, type KeptDefinition } from './keep-definition.ts'
import { lineDifference, type DifferenceLine } from './line-difference.ts'
import { writeDefinition } from './write-definition.ts'

/** An edit of a stored definition before it is made. */
export interface DefinitionPreview {
  /** What would be given to libvirt. */
  readonly xml: string
  /** What changes, line by line; empty when nothing does. */
  readonly difference: readonly DifferenceLine[]
  /** What to put back to undo it. */
  readonly kept: KeptDefinition
}

/** Printed by the same printer, so that quotes and order of attributes make no difference. */
function differenceOf(before: string, after: string): DifferenceLine[] {
  return lineDifference(
    withDomain(before, (_domain, document) => printDomain(document)),
    after,
  )
}

/** @throws DomainXmlError */
export function previewDefinition(xml: string, target: DefinitionFacts): DefinitionPreview {
  const edited = writeDefinition(xml, target)
  return { xml: edited, difference: differenceOf(xml, edited), kept: keepDefinition(xml) }
}

/** @throws DomainXmlError */
export function previewUndo(xml: string, kept: KeptDefinition): DefinitionPreview {
  const edited = putBackDefinition(xml, kept)
  return { xml: edited, difference: differenceOf(xml, edited), kept: keepDefinition(xml) }
}
