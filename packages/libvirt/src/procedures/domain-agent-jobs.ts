import { domainRef } from '../domain/domain-ref.ts'
import { typedParams } from '../domain/typed-params-codec.ts'
import { bytes, i32, opt, str, u32, u64 } from '../xdr/codec.ts'
import { empty, struct } from '../xdr/struct.ts'
import {
  GUEST_INFO_PARAMS_MAX,
  JOB_STATS_PARAMS_MAX,
  MIGRATE_COOKIE_BYTES_MAX,
  MIGRATE_PARAMS_MAX,
  PERF_EVENTS_PARAMS_MAX,
} from './limits.ts'
import { procedure } from './procedure.ts'

/** What the guest agent tells; `types`: `GuestInfoTypes`, 0 = all it knows. */
export const domainGetGuestInfo = procedure({
  number: 418,
  name: 'virDomainGetGuestInfo',
  since: '5.7.0',
  args: struct({ domain: domainRef, types: u32, flags: u32 }),
  result: struct({ params: typedParams(GUEST_INFO_PARAMS_MAX) }),
})

/** Host name of the guest; flags: 1 from DHCP leases, 2 from the agent. */
export const domainGetHostname = procedure({
  number: 277,
  name: 'virDomainGetHostname',
  since: '0.10.0',
  args: struct({ domain: domainRef, flags: u32 }),
  result: struct({ hostname: str }),
})

/** How long libvirt waits for the agent: -2 for ever, -1 default (5 s), 0 not at all, else seconds. */
export const domainAgentSetResponseTimeout = procedure({
  number: 420,
  name: 'virDomainAgentSetResponseTimeout',
  since: '5.10.0',
  args: struct({ domain: domainRef, timeoutSeconds: i32, flags: u32 }),
  result: struct({ result: i32 }),
})

/** Progress of the running job; `type`: `JobType`. Times in milliseconds, the rest in bytes. */
export const domainGetJobInfo = procedure({
  number: 163,
  name: 'virDomainGetJobInfo',
  since: '0.7.7',
  args: struct({ domain: domainRef }),
  result: struct({
    type: i32,
    timeElapsedMs: u64,
    timeRemainingMs: u64,
    dataTotal: u64,
    dataProcessed: u64,
    dataRemaining: u64,
    memTotal: u64,
    memProcessed: u64,
    memRemaining: u64,
    fileTotal: u64,
    fileProcessed: u64,
    fileRemaining: u64,
  }),
})

/** Progress of the running or last job as parameters; flags: `JobStatsFlags`. */
export const domainGetJobStats = procedure({
  number: 298,
  name: 'virDomainGetJobStats',
  since: '1.0.3',
  args: struct({ domain: domainRef, flags: u32 }),
  result: struct({ type: i32, params: typedParams(JOB_STATS_PARAMS_MAX) }),
})

/** Stops the running job; a memory-only dump cannot be stopped. */
export const domainAbortJob = procedure({
  number: 164,
  name: 'virDomainAbortJob',
  since: '0.7.7',
  args: struct({ domain: domainRef }),
  result: empty,
})

export const domainAbortJobFlags = procedure({
  number: 442,
  name: 'virDomainAbortJobFlags',
  since: '8.5.0',
  args: struct({ domain: domainRef, flags: u32 }),
  result: empty,
})

/** Which performance counters are on; booleans by name. */
export const domainGetPerfEvents = procedure({
  number: 365,
  name: 'virDomainGetPerfEvents',
  since: '1.3.3',
  args: struct({ domain: domainRef, flags: u32 }),
  result: struct({ params: typedParams(PERF_EVENTS_PARAMS_MAX) }),
})

/**
 * Peer-to-peer migration: with PEER2PEER (`MigrateFlags`) the source daemon itself connects to `destinationUri`
 * and does the rest (what virDomainMigrateToURI3 sends). Parameters: `MigrateParam`. The cookie in is empty.
 */
export const domainMigratePerform3Params = procedure({
  number: 305,
  name: 'virDomainMigrateToURI3',
  since: '1.1.0',
  args: struct({
    domain: domainRef,
    destinationUri: opt(str),
    params: typedParams(MIGRATE_PARAMS_MAX),
    cookieIn: bytes(MIGRATE_COOKIE_BYTES_MAX),
    flags: u32,
  }),
  result: struct({ cookieOut: bytes(MIGRATE_COOKIE_BYTES_MAX) }),
  unbounded: true,
})
