import { domainRef } from '../domain/domain-ref.ts'
import { uuid } from '../domain/uuid.ts'
import { i32, list, opt, str, u32, u64 } from '../xdr/codec.ts'
import { empty, struct } from '../xdr/struct.ts'
import { DOMAIN_MESSAGES_MAX } from './limits.ts'
import { procedure } from './procedure.ts'

/** Finds a running domain by its id. */
export const domainLookupById = procedure({
  number: 22,
  name: 'virDomainLookupByID',
  since: '0.3.0',
  args: struct({ id: i32 }),
  result: struct({ domain: domainRef }),
})

export const domainLookupByName = procedure({
  number: 23,
  name: 'virDomainLookupByName',
  since: '0.3.0',
  args: struct({ name: str }),
  result: struct({ domain: domainRef }),
})

export const domainLookupByUuid = procedure({
  number: 24,
  name: 'virDomainLookupByUUID',
  since: '0.3.0',
  args: struct({ uuid }),
  result: struct({ domain: domainRef }),
})

/** The domain as XML; flags: `XmlFlags`. Live XML of a domain with a stuck QEMU takes up to 30 s. */
export const domainGetXmlDesc = procedure({
  number: 14,
  name: 'virDomainGetXMLDesc',
  since: '0.3.0',
  args: struct({ domain: domainRef, flags: u32 }),
  result: struct({ xml: str }),
})

/** State (`DomainState`), memory in KiB, vCPUs, CPU time in nanoseconds. */
export const domainGetInfo = procedure({
  number: 16,
  name: 'virDomainGetInfo',
  since: '0.3.0',
  args: struct({ domain: domainRef }),
  result: struct({ state: u32, maxMemoryKib: u64, memoryKib: u64, vcpus: u32, cpuTimeNs: u64 }),
})

/** Operating system type, such as `hvm`. */
export const domainGetOsType = procedure({
  number: 19,
  name: 'virDomainGetOSType',
  since: '0.3.0',
  args: struct({ domain: domainRef }),
  result: struct({ type: str }),
})

/** State and reason (`DomainState`, reasons in libvirt-domain.h). Answers at once even when QEMU is stuck. */
export const domainGetState = procedure({
  number: 212,
  name: 'virDomainGetState',
  since: '0.9.2',
  args: struct({ domain: domainRef, flags: u32 }),
  result: struct({ state: i32, reason: i32 }),
})

/** Whether a monitor command is outstanding (`ControlState`), and for how many milliseconds. */
export const domainGetControlInfo = procedure({
  number: 229,
  name: 'virDomainGetControlInfo',
  since: '0.9.3',
  args: struct({ domain: domainRef, flags: u32 }),
  result: struct({ state: u32, details: u32, stateTimeMs: u64 }),
})

export const domainIsActive = procedure({
  number: 150,
  name: 'virDomainIsActive',
  since: '0.7.3',
  args: struct({ domain: domainRef }),
  result: struct({ active: i32 }),
})

export const domainIsPersistent = procedure({
  number: 151,
  name: 'virDomainIsPersistent',
  since: '0.7.3',
  args: struct({ domain: domainRef }),
  result: struct({ persistent: i32 }),
})

/** Whether the stored definition differs from what was started. */
export const domainIsUpdated = procedure({
  number: 202,
  name: 'virDomainIsUpdated',
  since: '0.8.6',
  args: struct({ domain: domainRef }),
  result: struct({ updated: i32 }),
})

export const domainGetAutostart = procedure({
  number: 15,
  name: 'virDomainGetAutostart',
  since: '0.3.0',
  args: struct({ domain: domainRef }),
  result: struct({ autostart: i32 }),
})

export const domainSetAutostart = procedure({
  number: 29,
  name: 'virDomainSetAutostart',
  since: '0.3.0',
  args: struct({ domain: domainRef, autostart: i32 }),
  result: empty,
})

/** Taints and deprecations as texts. */
export const domainGetMessages = procedure({
  number: 426,
  name: 'virDomainGetMessages',
  since: '7.1.0',
  args: struct({ domain: domainRef, flags: u32 }),
  result: struct({ messages: list(str, DOMAIN_MESSAGES_MAX) }),
})

/**
 * Sets or removes (`metadata` null) description, title or an own XML element (`MetadataType`).
 * An element needs `uri`, and `key` as its prefix. Flags: `ModificationImpact`.
 */
export const domainSetMetadata = procedure({
  number: 264,
  name: 'virDomainSetMetadata',
  since: '0.9.10',
  args: struct({
    domain: domainRef,
    type: i32,
    metadata: opt(str),
    key: opt(str),
    uri: opt(str),
    flags: u32,
  }),
  result: empty,
})

/** Reads description, title or an own element; error NO_DOMAIN_METADATA when it is not set. */
export const domainGetMetadata = procedure({
  number: 265,
  name: 'virDomainGetMetadata',
  since: '0.9.10',
  args: struct({ domain: domainRef, type: i32, uri: opt(str), flags: u32 }),
  result: struct({ metadata: str }),
})
