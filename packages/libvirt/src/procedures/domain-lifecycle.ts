import { domainRef } from '../domain/domain-ref.ts'
import { str, u32 } from '../xdr/codec.ts'
import { empty, struct } from '../xdr/struct.ts'
import { procedure } from './procedure.ts'

const domainOnly = struct({ domain: domainRef })
const domainAndFlags = struct({ domain: domainRef, flags: u32 })

/** Starts a stored domain. Prefer `domainCreateWithFlags`, which returns the new id. */
export const domainCreate = procedure({
  number: 9,
  name: 'virDomainCreate',
  since: '0.3.0',
  args: domainOnly,
  result: empty,
})

/** Starts a transient domain from XML; flags: `CreateFlags`. */
export const domainCreateXml = procedure({
  number: 10,
  name: 'virDomainCreateXML',
  since: '0.3.0',
  args: struct({ xml: str, flags: u32 }),
  result: domainOnly,
})

export const domainDefineXml = procedure({
  number: 11,
  name: 'virDomainDefineXML',
  since: '0.3.0',
  args: struct({ xml: str }),
  result: domainOnly,
})

/** Stops at once, like pulling the plug. */
export const domainDestroy = procedure({
  number: 12,
  name: 'virDomainDestroy',
  since: '0.3.0',
  args: domainOnly,
  result: empty,
})

/** Asks the guest to restart; flags: `ShutdownFlags`. */
export const domainReboot = procedure({
  number: 27,
  name: 'virDomainReboot',
  since: '0.3.0',
  args: domainAndFlags,
  result: empty,
})

export const domainResume = procedure({
  number: 28,
  name: 'virDomainResume',
  since: '0.3.0',
  args: domainOnly,
  result: empty,
})

export const domainShutdown = procedure({
  number: 33,
  name: 'virDomainShutdown',
  since: '0.3.0',
  args: domainOnly,
  result: empty,
})

/** Pauses the vCPUs. */
export const domainSuspend = procedure({
  number: 34,
  name: 'virDomainSuspend',
  since: '0.3.0',
  args: domainOnly,
  result: empty,
})

export const domainUndefine = procedure({
  number: 35,
  name: 'virDomainUndefine',
  since: '0.3.0',
  args: domainOnly,
  result: empty,
})

/** Attaches a device described in XML; flags: `ModificationImpact`. */
export const domainAttachDeviceFlags = procedure({
  number: 160,
  name: 'virDomainAttachDeviceFlags',
  since: '0.7.7',
  args: struct({ domain: domainRef, xml: str, flags: u32 }),
  result: empty,
})

/** Detaches a device. It waits 5 s and returns success even if the device is still there: watch the event. */
export const domainDetachDeviceFlags = procedure({
  number: 161,
  name: 'virDomainDetachDeviceFlags',
  since: '0.7.7',
  args: struct({ domain: domainRef, xml: str, flags: u32 }),
  result: empty,
})

/** Detaches the device with this alias; returns at once, the event `deviceRemoved` tells of the end. */
export const domainDetachDeviceAlias = procedure({
  number: 392,
  name: 'virDomainDetachDeviceAlias',
  since: '4.4.0',
  args: struct({ domain: domainRef, alias: str, flags: u32 }),
  result: empty,
})

/** Saves memory to a file that libvirt manages, and stops. */
export const domainManagedSave = procedure({
  number: 182,
  name: 'virDomainManagedSave',
  since: '0.8.0',
  args: domainAndFlags,
  result: empty,
  unbounded: true,
})

export const domainManagedSaveRemove = procedure({
  number: 184,
  name: 'virDomainManagedSaveRemove',
  since: '0.8.0',
  args: domainAndFlags,
  result: empty,
})

/** Starts a stored domain; flags: `CreateFlags`. Returns it with its new id. */
export const domainCreateWithFlags = procedure({
  number: 196,
  name: 'virDomainCreateWithFlags',
  since: '0.8.2',
  args: domainAndFlags,
  result: domainOnly,
})

/** Removes the definition; flags: `UndefineFlags`. */
export const domainUndefineFlags = procedure({
  number: 231,
  name: 'virDomainUndefineFlags',
  since: '0.9.4',
  args: domainAndFlags,
  result: empty,
})

/** Stops at once; flags: `DestroyFlags`. Takes one to two seconds. */
export const domainDestroyFlags = procedure({
  number: 234,
  name: 'virDomainDestroyFlags',
  since: '0.9.4',
  args: domainAndFlags,
  result: empty,
})

/** Resets the machine without asking the guest. */
export const domainReset = procedure({
  number: 245,
  name: 'virDomainReset',
  since: '0.9.7',
  args: domainAndFlags,
  result: empty,
})

/** Asks the guest to stop; flags: `ShutdownFlags`. Success says nothing about the outcome. */
export const domainShutdownFlags = procedure({
  number: 258,
  name: 'virDomainShutdownFlags',
  since: '0.9.10',
  args: domainAndFlags,
  result: empty,
})

/** Stores a definition; flags: `DefineFlags`. Without validation unknown elements are dropped silently. */
export const domainDefineXmlFlags = procedure({
  number: 350,
  name: 'virDomainDefineXMLFlags',
  since: '1.2.12',
  args: struct({ xml: str, flags: u32 }),
  result: domainOnly,
})
