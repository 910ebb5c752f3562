import { typedParams } from '../domain/typed-params-codec.ts'
import { JOB_STATS_PARAMS_MAX, TUNABLE_PARAMS_MAX } from '../procedures/limits.ts'
import { Program } from '../rpc/packet.ts'
import { i32, i64, list, opt, str, u32, u64 } from '../xdr/codec.ts'
import { struct } from '../xdr/struct.ts'
import { domainEvent, powerEvent } from './event-definition.ts'

/** REMOTE_DOMAIN_EVENT_GRAPHICS_IDENTITY_MAX. */
const GRAPHICS_IDENTITIES_MAX = 20

const graphicsAddress = struct({ family: i32, node: str, service: str })

/** A domain was defined, started, paused, stopped …: `event` and `detail` are a `LifecycleEvent` and its detail. */
export const lifecycle = domainEvent({
  id: 0,
  procedure: 318,
  name: 'VIR_DOMAIN_EVENT_ID_LIFECYCLE',
  since: '1.3.3',
  fields: { event: i32, detail: i32 },
})

/** The guest was restarted; comes twice per reset (12.8.0). */
export const reboot = domainEvent({
  id: 1,
  procedure: 319,
  name: 'VIR_DOMAIN_EVENT_ID_REBOOT',
  since: '1.3.3',
  fields: {},
})

/** The guest set its clock; `offsetSeconds` from UTC. */
export const rtcChange = domainEvent({
  id: 2,
  procedure: 320,
  name: 'VIR_DOMAIN_EVENT_ID_RTC_CHANGE',
  since: '1.3.3',
  fields: { offsetSeconds: i64 },
})

/** The watchdog of the guest fired. */
export const watchdog = domainEvent({
  id: 3,
  procedure: 321,
  name: 'VIR_DOMAIN_EVENT_ID_WATCHDOG',
  since: '1.3.3',
  fields: { action: i32 },
})

export const ioError = domainEvent({
  id: 4,
  procedure: 322,
  name: 'VIR_DOMAIN_EVENT_ID_IO_ERROR',
  since: '1.3.3',
  fields: { sourcePath: str, deviceAlias: str, action: i32 },
})

/** Somebody connected to or left the graphical console. */
export const graphics = domainEvent({
  id: 5,
  procedure: 323,
  name: 'VIR_DOMAIN_EVENT_ID_GRAPHICS',
  since: '1.3.3',
  fields: {
    phase: i32,
    local: graphicsAddress,
    remote: graphicsAddress,
    authScheme: str,
    subject: list(struct({ type: str, name: str }), GRAPHICS_IDENTITIES_MAX),
  },
})

export const ioErrorReason = domainEvent({
  id: 6,
  procedure: 324,
  name: 'VIR_DOMAIN_EVENT_ID_IO_ERROR_REASON',
  since: '1.3.3',
  fields: { sourcePath: str, deviceAlias: str, action: i32, reason: str },
})

/** libvirt lost control of the hypervisor process. */
export const controlError = domainEvent({
  id: 7,
  procedure: 325,
  name: 'VIR_DOMAIN_EVENT_ID_CONTROL_ERROR',
  since: '1.3.3',
  fields: {},
})

export const blockJob = domainEvent({
  id: 8,
  procedure: 326,
  name: 'VIR_DOMAIN_EVENT_ID_BLOCK_JOB',
  since: '1.3.3',
  fields: { path: str, type: i32, status: i32 },
})

export const diskChange = domainEvent({
  id: 9,
  procedure: 327,
  name: 'VIR_DOMAIN_EVENT_ID_DISK_CHANGE',
  since: '1.3.3',
  fields: { oldSourcePath: opt(str), newSourcePath: opt(str), deviceAlias: str, reason: i32 },
})

export const trayChange = domainEvent({
  id: 10,
  procedure: 328,
  name: 'VIR_DOMAIN_EVENT_ID_TRAY_CHANGE',
  since: '1.3.3',
  fields: { deviceAlias: str, reason: i32 },
})

export const pmWakeup = powerEvent({
  id: 11,
  procedure: 329,
  name: 'VIR_DOMAIN_EVENT_ID_PMWAKEUP',
  since: '1.3.3',
})

export const pmSuspend = powerEvent({
  id: 12,
  procedure: 330,
  name: 'VIR_DOMAIN_EVENT_ID_PMSUSPEND',
  since: '1.3.3',
})

/** The memory balloon changed; `actualKib` is what the guest has now. */
export const balloonChange = domainEvent({
  id: 13,
  procedure: 331,
  name: 'VIR_DOMAIN_EVENT_ID_BALLOON_CHANGE',
  since: '1.3.3',
  fields: { actualKib: u64 },
})

export const pmSuspendDisk = powerEvent({
  id: 14,
  procedure: 332,
  name: 'VIR_DOMAIN_EVENT_ID_PMSUSPEND_DISK',
  since: '1.3.3',
})

/** A device is gone. Never sent for vCPUs. */
export const deviceRemoved = domainEvent({
  id: 15,
  procedure: 333,
  name: 'VIR_DOMAIN_EVENT_ID_DEVICE_REMOVED',
  since: '1.3.3',
  fields: { deviceAlias: str },
})

export const blockJob2 = domainEvent({
  id: 16,
  procedure: 339,
  name: 'VIR_DOMAIN_EVENT_ID_BLOCK_JOB_2',
  since: '1.3.3',
  fields: { device: str, type: i32, status: i32 },
})

/** Pinning or scheduling changed, such as `cputune.vcpupin0` = `"0-1"`. */
export const tunable = domainEvent({
  id: 17,
  procedure: 346,
  name: 'VIR_DOMAIN_EVENT_ID_TUNABLE',
  since: '1.3.3',
  fields: { params: typedParams(TUNABLE_PARAMS_MAX) },
})

/** The guest agent came or went (`AgentState`, `AgentReason`). */
export const agentLifecycle = domainEvent({
  id: 18,
  procedure: 348,
  name: 'VIR_DOMAIN_EVENT_ID_AGENT_LIFECYCLE',
  since: '1.3.3',
  fields: { state: i32, reason: i32 },
})

/** A device was plugged. Never sent for vCPUs. */
export const deviceAdded = domainEvent({
  id: 19,
  procedure: 354,
  name: 'VIR_DOMAIN_EVENT_ID_DEVICE_ADDED',
  since: '1.3.3',
  fields: { deviceAlias: str },
})

export const migrationIteration = domainEvent({
  id: 20,
  procedure: 359,
  name: 'VIR_DOMAIN_EVENT_ID_MIGRATION_ITERATION',
  since: '1.3.3',
  fields: { iteration: i32 },
})

/** A job ended; the first parameter is `operation`. */
export const jobCompleted = domainEvent({
  id: 21,
  procedure: 363,
  name: 'VIR_DOMAIN_EVENT_ID_JOB_COMPLETED',
  since: '1.3.3',
  fields: { params: typedParams(JOB_STATS_PARAMS_MAX) },
})

/**
 * The guest refused to let a device go. For vCPUs the alias is `vcpu` + the lowest id of the hot-pluggable unit:
 * query again before deciding.
 */
export const deviceRemovalFailed = domainEvent({
  id: 22,
  procedure: 367,
  name: 'VIR_DOMAIN_EVENT_ID_DEVICE_REMOVAL_FAILED',
  since: '1.3.4',
  fields: { deviceAlias: str },
})

/** Description, title or an own element changed (`MetadataType`); `uri` names the element. */
export const metadataChange = domainEvent({
  id: 23,
  procedure: 379,
  name: 'VIR_DOMAIN_EVENT_ID_METADATA_CHANGE',
  since: '3.0.0',
  fields: { type: i32, uri: opt(str) },
})

export const blockThreshold = domainEvent({
  id: 24,
  procedure: 385,
  name: 'VIR_DOMAIN_EVENT_ID_BLOCK_THRESHOLD',
  since: '3.2.0',
  fields: { device: str, path: opt(str), threshold: u64, excess: u64 },
})

export const memoryFailure = domainEvent({
  id: 25,
  procedure: 423,
  name: 'VIR_DOMAIN_EVENT_ID_MEMORY_FAILURE',
  since: '6.9.0',
  fields: { recipient: i32, action: i32, flags: u32 },
})

export const memoryDeviceSizeChange = domainEvent({
  id: 26,
  procedure: 438,
  name: 'VIR_DOMAIN_EVENT_ID_MEMORY_DEVICE_SIZE_CHANGE',
  since: '7.9.0',
  fields: { deviceAlias: str, sizeKib: u64 },
})

export const nicMacChange = domainEvent({
  id: 27,
  procedure: 453,
  name: 'VIR_DOMAIN_EVENT_ID_NIC_MAC_CHANGE',
  since: '11.2.0',
  fields: { deviceAlias: str, oldMac: str, newMac: str },
})

/**
 * A vCPU was removed; `vcpuId` is its id in the XML. One event per vCPU. It may be stale (seen with QEMU's software
 * emulation: it came again after the vCPU had been plugged anew), so it is a hint to look again, never proof alone.
 */
export const vcpuRemoved = domainEvent({
  id: 28,
  procedure: 454,
  name: 'VIR_DOMAIN_EVENT_ID_VCPU_REMOVED',
  since: '12.4.0',
  fields: { vcpuId: u32 },
})

/** A virtio-serial channel was opened or closed by the guest; state and reason as in `agentLifecycle`. */
export const channelLifecycle = domainEvent({
  id: 29,
  procedure: 455,
  name: 'VIR_DOMAIN_EVENT_ID_CHANNEL_LIFECYCLE',
  since: '12.4.0',
  fields: { channelName: str, state: i32, reason: i32 },
})

/** A raw QMP event; diagnosis only. */
export const qemuMonitorEvent = domainEvent({
  program: Program.QEMU,
  id: -1,
  procedure: 6,
  name: 'virConnectDomainQemuMonitorEventCallback',
  since: '1.2.3',
  fields: { event: str, seconds: i64, micros: u32, details: opt(str) },
})
