import { i32, list, opt, str, u32, u64 } from '../xdr/codec.ts'
import { empty, struct } from '../xdr/struct.ts'
import { domainRef } from '../domain/domain-ref.ts'
import { typedParams } from '../domain/typed-params-codec.ts'
import { DOMAIN_STATS_PARAMS_MAX, DOMAINS_MAX } from './limits.ts'
import { procedure } from './procedure.ts'

/** Opens the driver that `uri` names. Flags: `ConnectFlags`. A second open drops the first one. */
export const connectOpen = procedure({
  number: 1,
  name: 'virConnectOpen',
  since: '0.3.0',
  args: struct({ uri: opt(str), flags: u32 }),
  result: empty,
})

/** Ends the session; the daemon closes the socket after its reply. */
export const connectClose = procedure({
  number: 2,
  name: 'virConnectClose',
  since: '0.3.0',
  args: empty,
  result: empty,
})

/** Name of the driver, such as `QEMU`. */
export const connectGetType = procedure({
  number: 3,
  name: 'virConnectGetType',
  since: '0.3.0',
  args: empty,
  result: struct({ type: str }),
})

/** Version of the hypervisor: major x 1,000,000 + minor x 1,000 + micro. */
export const connectGetVersion = procedure({
  number: 4,
  name: 'virConnectGetVersion',
  since: '0.3.0',
  args: empty,
  result: struct({ version: u64 }),
})

/** A rough maximum of vCPUs per domain; the real one comes from `connectGetDomainCapabilities`. */
export const connectGetMaxVcpus = procedure({
  number: 5,
  name: 'virConnectGetMaxVcpus',
  since: '0.3.0',
  args: struct({ type: opt(str) }),
  result: struct({ max: i32 }),
})

/** Capabilities of host and driver as XML. */
export const connectGetCapabilities = procedure({
  number: 7,
  name: 'virConnectGetCapabilities',
  since: '0.3.0',
  args: empty,
  result: struct({ xml: str }),
})

/** Host name as the daemon sees it. */
export const connectGetHostname = procedure({
  number: 59,
  name: 'virConnectGetHostname',
  since: '0.3.0',
  args: empty,
  result: struct({ hostname: str }),
})

/** Whether the daemon has a feature (`Feature`). Asking for keepalive before open switches the daemon's pings on. */
export const connectSupportsFeature = procedure({
  number: 60,
  name: 'virConnectSupportsFeature',
  since: '0.3.2',
  args: struct({ feature: i32 }),
  result: struct({ supported: i32 }),
})

/** URI of the open driver. */
export const connectGetUri = procedure({
  number: 110,
  name: 'virConnectGetURI',
  since: '0.5.0',
  args: empty,
  result: struct({ uri: str }),
})

/** Whether the *driver* talks to its hypervisor safely; it says nothing about this connection (9.0 says 1 over plain TCP). */
export const connectIsSecure = procedure({
  number: 149,
  name: 'virConnectIsSecure',
  since: '0.7.3',
  args: empty,
  result: struct({ secure: i32 }),
})

/** Version of the daemon's libvirt: major x 1,000,000 + minor x 1,000 + release. */
export const connectGetLibVersion = procedure({
  number: 157,
  name: 'virConnectGetLibVersion',
  since: '0.7.3',
  args: empty,
  result: struct({ version: u64 }),
})

/** SMBIOS information as XML; error CONFIG_UNSUPPORTED where there is none. */
export const connectGetSysinfo = procedure({
  number: 203,
  name: 'virConnectGetSysinfo',
  since: '0.8.8',
  args: struct({ flags: u32 }),
  result: struct({ xml: str }),
})

/**
 * All domains that match `flags` (`ListDomainsFlags`); none set = all. `needResults` 0 asks for the count only.
 */
export const connectListAllDomains = procedure({
  number: 273,
  name: 'virConnectListAllDomains',
  since: '0.9.13',
  args: struct({ needResults: i32, flags: u32 }),
  result: struct({ domains: list(domainRef, DOMAINS_MAX), count: u32 }),
})

/** Registers for an event of one domain or of all (`null`). Use `Connection.subscribe`. */
export const connectDomainEventCallbackRegisterAny = procedure({
  number: 316,
  name: 'virConnectDomainEventRegisterAny',
  since: '1.3.3',
  args: struct({ eventId: i32, domain: opt(domainRef) }),
  result: struct({ callbackId: i32 }),
})

/** Ends a registration. */
export const connectDomainEventCallbackDeregisterAny = procedure({
  number: 317,
  name: 'virConnectDomainEventDeregisterAny',
  since: '1.3.3',
  args: struct({ callbackId: i32 }),
  result: empty,
})

/** What a machine type can do, as XML, with its maximum of vCPUs (212 kB for x86: ask seldom). */
export const connectGetDomainCapabilities = procedure({
  number: 342,
  name: 'virConnectGetDomainCapabilities',
  since: '1.2.7',
  args: struct({ emulator: opt(str), arch: opt(str), machine: opt(str), virtType: opt(str), flags: u32 }),
  result: struct({ xml: str }),
})

/**
 * Statistics of many domains in one call. No domains = all; `stats` 0 = all groups (`DomainStats`);
 * flags: `DomainStatsFlags`. Domains that do not exist are left out silently.
 */
export const connectGetAllDomainStats = procedure({
  number: 344,
  name: 'virConnectGetAllDomainStats',
  since: '1.2.8',
  args: struct({ domains: list(domainRef, DOMAINS_MAX), stats: u32, flags: u32 }),
  result: struct({
    records: list(struct({ domain: domainRef, params: typedParams(DOMAIN_STATS_PARAMS_MAX) }), DOMAINS_MAX),
  }),
})

/** Asks to be told when the daemon loses its own driver (`connectionClosed` event). */
export const connectRegisterCloseCallback = procedure({
  number: 360,
  name: 'virConnectRegisterCloseCallback',
  since: '1.3.1',
  args: empty,
  result: empty,
})

export const connectUnregisterCloseCallback = procedure({
  number: 361,
  name: 'virConnectUnregisterCloseCallback',
  since: '1.3.1',
  args: empty,
  result: empty,
})
