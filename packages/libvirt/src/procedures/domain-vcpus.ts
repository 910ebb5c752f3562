import { CPU_MAP_BYTES_MAX } from '../domain/cpu-map.ts'
import { domainRef } from '../domain/domain-ref.ts'
import { typedParams } from '../domain/typed-params-codec.ts'
import { bytes, i32, list, str, u32, u64 } from '../xdr/codec.ts'
import { empty, struct } from '../xdr/struct.ts'
import {
  CPU_MAPS_BYTES_MAX,
  CPU_STATS_PARAMS_MAX,
  GUEST_VCPU_PARAMS_MAX,
  SCHEDULER_PARAMS_MAX,
  VCPU_INFOS_MAX,
} from './limits.ts'
import { procedure } from './procedure.ts'

const cpuMap = bytes(CPU_MAP_BYTES_MAX)

/** Maximum of a running domain; for others ask `domainGetVcpusFlags` with MAXIMUM. */
export const domainGetMaxVcpus = procedure({
  number: 18,
  name: 'virDomainGetMaxVcpus',
  since: '0.3.0',
  args: struct({ domain: domainRef }),
  result: struct({ max: i32 }),
})

/**
 * The present vCPUs of a running domain: `number` is the XML id (with holes), `state` a `VcpuState`, `hostCpu` where it
 * runs. `maps` holds one CPU map of `mapLength` bytes per *position in the list*, not per id; `mapLength` 0 = none.
 */
export const domainGetVcpus = procedure({
  number: 20,
  name: 'virDomainGetVcpus',
  since: '0.3.0',
  args: struct({ domain: domainRef, maxInfo: i32, mapLength: i32 }),
  result: struct({
    vcpus: list(struct({ number: u32, state: i32, cpuTimeNs: u64, hostCpu: i32 }), VCPU_INFOS_MAX),
    maps: bytes(CPU_MAPS_BYTES_MAX),
  }),
})

/** Pins one vCPU of the running domain to host CPUs. */
export const domainPinVcpu = procedure({
  number: 26,
  name: 'virDomainPinVcpu',
  since: '0.3.0',
  args: struct({ domain: domainRef, vcpu: u32, map: cpuMap }),
  result: empty,
})

export const domainSetVcpus = procedure({
  number: 32,
  name: 'virDomainSetVcpus',
  since: '0.3.0',
  args: struct({ domain: domainRef, count: u32 }),
  result: empty,
})

/**
 * Sets the number of vCPUs; flags: `VcpuFlags`. With ASYNC_UNPLUG (12.4.0) it returns before the guest has let go:
 * `vcpuRemoved` or `deviceRemovalFailed` tell the end, and some may go while others are refused.
 */
export const domainSetVcpusFlags = procedure({
  number: 199,
  name: 'virDomainSetVcpusFlags',
  since: '0.8.5',
  args: struct({ domain: domainRef, count: u32, flags: u32 }),
  result: empty,
})

/** Number of vCPUs, live or stored, current or maximum, as the flags say (`VcpuFlags`). */
export const domainGetVcpusFlags = procedure({
  number: 200,
  name: 'virDomainGetVcpusFlags',
  since: '0.8.5',
  args: struct({ domain: domainRef, flags: u32 }),
  result: struct({ count: i32 }),
})

/** Scheduler parameters; `paramCount` 1 to 16 is how many the caller can take. */
export const domainGetSchedulerParametersFlags = procedure({
  number: 223,
  name: 'virDomainGetSchedulerParametersFlags',
  since: '0.9.2',
  args: struct({ domain: domainRef, paramCount: i32, flags: u32 }),
  result: struct({ params: typedParams(SCHEDULER_PARAMS_MAX) }),
})

/** Sets scheduler parameters; the types must be exact (quotas LLONG, periods and shares ULLONG). */
export const domainSetSchedulerParametersFlags = procedure({
  number: 219,
  name: 'virDomainSetSchedulerParametersFlags',
  since: '0.9.2',
  args: struct({ domain: domainRef, params: typedParams(SCHEDULER_PARAMS_MAX), flags: u32 }),
  result: empty,
})

/** Pins one vCPU; flags: `ModificationImpact`. A vCPU that is not there yet may be pinned beforehand. */
export const domainPinVcpuFlags = procedure({
  number: 225,
  name: 'virDomainPinVcpuFlags',
  since: '0.9.3',
  args: struct({ domain: domainRef, vcpu: u32, map: cpuMap, flags: u32 }),
  result: empty,
})

/** CPU maps by vCPU id for all up to the maximum, `mapLength` bytes each; also of a stored definition. */
export const domainGetVcpuPinInfo = procedure({
  number: 230,
  name: 'virDomainGetVcpuPinInfo',
  since: '0.9.3',
  args: struct({ domain: domainRef, mapCount: i32, mapLength: i32, flags: u32 }),
  result: struct({ maps: bytes(CPU_MAPS_BYTES_MAX), count: i32 }),
})

/** CPU statistics: `startCpu` -1 with `cpuCount` 1 = totals; ask with `paramCount` 0 for the number first. */
export const domainGetCpuStats = procedure({
  number: 262,
  name: 'virDomainGetCPUStats',
  since: '0.9.10',
  args: struct({ domain: domainRef, paramCount: u32, startCpu: i32, cpuCount: u32, flags: u32 }),
  result: struct({ params: typedParams(CPU_STATS_PARAMS_MAX), paramCount: i32 }),
})

/** Pins QEMU's own threads; flags: `ModificationImpact`. */
export const domainPinEmulator = procedure({
  number: 279,
  name: 'virDomainPinEmulator',
  since: '0.10.0',
  args: struct({ domain: domainRef, map: cpuMap, flags: u32 }),
  result: empty,
})

/** Where QEMU's own threads are pinned; `valid` 1 when the map is set. */
export const domainGetEmulatorPinInfo = procedure({
  number: 280,
  name: 'virDomainGetEmulatorPinInfo',
  since: '0.10.0',
  args: struct({ domain: domainRef, mapLength: i32, flags: u32 }),
  result: struct({ map: bytes(CPU_MAPS_BYTES_MAX), valid: i32 }),
})

/** vCPUs as the guest agent sees them: texts `vcpus`, `online`, `offlinable`, lists such as `0-3`. */
export const domainGetGuestVcpus = procedure({
  number: 371,
  name: 'virDomainGetGuestVcpus',
  since: '2.0.0',
  args: struct({ domain: domainRef, flags: u32 }),
  result: struct({ params: typedParams(GUEST_VCPU_PARAMS_MAX) }),
})

/** Lets the guest agent set vCPUs online (1) or offline (0); blocks until the agent answered. */
export const domainSetGuestVcpus = procedure({
  number: 372,
  name: 'virDomainSetGuestVcpus',
  since: '2.0.0',
  args: struct({ domain: domainRef, vcpus: str, state: i32, flags: u32 }),
  result: empty,
})

/**
 * Enables (1) or disables (0) chosen vCPUs by XML id (`"6-7"`); flags: `SetVcpuFlags`.
 * Live: exactly one hot-pluggable unit per call, named whole.
 */
export const domainSetVcpu = procedure({
  number: 384,
  name: 'virDomainSetVcpu',
  since: '3.1.0',
  args: struct({ domain: domainRef, vcpus: str, state: i32, flags: u32 }),
  result: empty,
})
