import { charWords, domainRef, empty, i32, procedure, struct, u32 } from '@coreshift/libvirt/wire'
import type { HandlerTable } from '../handler-table.ts'
import { domainOf } from './domain-handlers.ts'

/** VIR_SECURITY_MODEL_BUFLEN, VIR_SECURITY_DOI_BUFLEN, VIR_SECURITY_LABEL_BUFLEN. */
const model = charWords(257)
const doi = charWords(257)
const label = charWords(4097)

// Calls that virsh makes beside those of this project's client.

const nodeGetSecurityModel = procedure({
  number: 122,
  name: 'virNodeGetSecurityModel',
  since: '0.6.1',
  args: empty,
  result: struct({ model, doi }),
})

const domainGetSecurityLabel = procedure({
  number: 121,
  name: 'virDomainGetSecurityLabel',
  since: '0.6.1',
  args: struct({ domain: domainRef }),
  result: struct({ label, enforcing: i32 }),
})

const domainHasManagedSaveImage = procedure({
  number: 183,
  name: 'virDomainHasManagedSaveImage',
  since: '0.8.0',
  args: struct({ domain: domainRef, flags: u32 }),
  result: struct({ has: i32 }),
})

const domainHasCurrentSnapshot = procedure({
  number: 190,
  name: 'virDomainHasCurrentSnapshot',
  since: '0.8.0',
  args: struct({ domain: domainRef, flags: u32 }),
  result: struct({ has: i32 }),
})

const NONE = text('none')

/** What virsh wants to know about security labels, save images and snapshots: there are none. */
export function virshHandlers(table: HandlerTable): void {
  table
    .on(nodeGetSecurityModel, 'read', () => ({ model: NONE, doi: text('0') }))
    .on(domainGetSecurityLabel, 'read', (session, { domain }) => {
      domainOf(session, domain)
      return { label: text(''), enforcing: 0 }
    })
    .on(domainHasManagedSaveImage, 'read', (session, { domain }) => ({
      has: domainOf(session, domain).managedSave ? 1 : 0,
    }))
    .on(domainHasCurrentSnapshot, 'read', (session, { domain }) => {
      domainOf(session, domain)
      return { has: 0 }
    })
}

/** Text with the zero that ends it in C. */
function text(value: string): Uint8Array {
  return Buffer.from(`${value}\0`)
}
