import { MetadataType, ModificationImpact, domainSetMetadata } from '@coreshift/libvirt'
import { METADATA_PREFIX, METADATA_URI } from './domain-definition.ts'
import type { DomainSnapshot } from './domain-snapshot.ts'
import type { DomainSession } from './inventory-ports.ts'

/** The running and the stored definition, as far as they exist. */
function impactOf(snapshot: DomainSnapshot): number {
  return (snapshot.live ? ModificationImpact.LIVE : 0) | (snapshot.persistent ? ModificationImpact.CONFIG : 0)
}

/** An empty description takes it away. */
export async function writeDescription(
  { connection, domain }: DomainSession,
  snapshot: DomainSnapshot,
  description: string,
): Promise<void> {
  await connection.call(domainSetMetadata, {
    domain,
    type: MetadataType.DESCRIPTION,
    metadata: description === '' ? null : description,
    key: null,
    uri: null,
    flags: impactOf(snapshot),
  })
}

function escapeAttribute(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}

/** Keeps an administrator's word on the guest OS in the domain itself, so that it moves with the VM. */
export async function writeGuestOs(
  { connection, domain }: DomainSession,
  snapshot: DomainSnapshot,
  row: string | null,
): Promise<void> {
  await connection.call(domainSetMetadata, {
    domain,
    type: MetadataType.ELEMENT,
    metadata: row === null ? null : `<vm guest-os="${escapeAttribute(row)}"/>`,
    key: METADATA_PREFIX,
    uri: METADATA_URI,
    flags: impactOf(snapshot),
  })
}
