export { connect, type ConnectOptions, type KeepaliveOptions } from './connect.ts'
export {
  Connection,
  type ConnectionState,
  type EventStreamOptions,
  type SubscribeOptions,
} from './connection/connection.ts'
export type { CallOptions } from './connection/call-window.ts'
export type { CloseKind, CloseReason } from './connection/close-reason.ts'
export type { EventListener, Subscription } from './connection/event-router.ts'
export { EventStream, type OverflowPolicy } from './connection/event-stream.ts'
export { type ConnectionLimits, DEFAULT_LIMITS } from './connection/limits.ts'
export { ASYNC_UNPLUG_VERSION } from './connection/handshake.ts'

export { type BackOff, DEFAULT_BACK_OFF } from './reconnect/back-off.ts'
export { type LinkState, type ReconnectOptions, ReconnectingLink } from './reconnect/reconnecting.ts'
export type { Credentials, CredentialSource } from './auth/sasl.ts'
export type { TlsMaterial } from './transport/tls-files.ts'

export { ConnectionError, type ConnectionErrorKind, isConnectionError } from './errors/connection-error.ts'
export { ErrorCode, errorCodeName, ErrorDomain } from './errors/error-code.ts'
export {
  isAborted,
  isAgentError,
  isAuthFailed,
  isBusy,
  isDenied,
  isInvalidArgument,
  isNoDomain,
  isNoMetadata,
  isOperationFailed,
  isOperationInvalid,
  isTimeout,
  isUnknownProcedure,
  isUnsupported,
  isUnsupportedEvent,
  isUnsupportedFlag,
  LibvirtError,
} from './errors/libvirt-error.ts'

export { CPU_MAP_BYTES_MAX, cpuMapBytes, cpuMapOf, cpusOfMap, splitCpuMaps } from './domain/cpu-map.ts'
export { domainByUuid, type DomainRef } from './domain/domain-ref.ts'
export {
  type ParamOrder,
  type TypedParam,
  TypedParams,
  TypedParamType,
  type TypedParamValue,
} from './domain/typed-params.ts'
export { canonicalUuid, formatUuid, isCanonicalUuid, parseUuid } from './domain/uuid.ts'
export { formatVcpuList, parseVcpuList, VCPU_ID_MAX } from './domain/vcpu-list.ts'
export {
  type DaemonMode,
  type LibvirtUri,
  parseLibvirtUri,
  type SshProxy,
  type TransportName,
} from './transport/uri.ts'

export type { DomainEvent, EventDefinition } from './events/event-definition.ts'
export {
  agentLifecycle,
  balloonChange,
  blockJob,
  blockJob2,
  blockThreshold,
  channelLifecycle,
  controlError,
  deviceAdded,
  deviceRemovalFailed,
  deviceRemoved,
  diskChange,
  graphics,
  ioError,
  ioErrorReason,
  jobCompleted,
  lifecycle,
  memoryDeviceSizeChange,
  memoryFailure,
  metadataChange,
  migrationIteration,
  nicMacChange,
  pmSuspend,
  pmSuspendDisk,
  pmWakeup,
  qemuMonitorEvent,
  reboot,
  rtcChange,
  trayChange,
  tunable,
  vcpuRemoved,
  watchdog,
} from './events/domain-events.ts'
export type { Procedure, ProcedureWithoutArgs } from './procedures/procedure.ts'
export {
  connectClose,
  connectDomainEventCallbackDeregisterAny,
  connectDomainEventCallbackRegisterAny,
  connectGetAllDomainStats,
  connectGetCapabilities,
  connectGetDomainCapabilities,
  connectGetHostname,
  connectGetLibVersion,
  connectGetMaxVcpus,
  connectGetSysinfo,
  connectGetType,
  connectGetUri,
  connectGetVersion,
  connectIsSecure,
  connectListAllDomains,
  connectOpen,
  connectRegisterCloseCallback,
  connectSupportsFeature,
  connectUnregisterCloseCallback,
} from './procedures/connect.ts'
export { nodeGetCpuMap, nodeGetFreeMemory, nodeGetInfo } from './procedures/node.ts'
export {
  domainGetAutostart,
  domainGetControlInfo,
  domainGetInfo,
  domainGetMessages,
  domainGetMetadata,
  domainGetOsType,
  domainGetState,
  domainGetXmlDesc,
  domainIsActive,
  domainIsPersistent,
  domainIsUpdated,
  domainLookupById,
  domainLookupByName,
  domainLookupByUuid,
  domainSetAutostart,
  domainSetMetadata,
} from './procedures/domain-lookup.ts'
export {
  domainAttachDeviceFlags,
  domainCreate,
  domainCreateWithFlags,
  domainCreateXml,
  domainDefineXml,
  domainDefineXmlFlags,
  domainDestroy,
  domainDestroyFlags,
  domainDetachDeviceAlias,
  domainDetachDeviceFlags,
  domainManagedSave,
  domainManagedSaveRemove,
  domainReboot,
  domainReset,
  domainResume,
  domainShutdown,
  domainShutdownFlags,
  domainSuspend,
  domainUndefine,
  domainUndefineFlags,
} from './procedures/domain-lifecycle.ts'
export {
  domainGetCpuStats,
  domainGetEmulatorPinInfo,
  domainGetGuestVcpus,
  domainGetMaxVcpus,
  domainGetSchedulerParametersFlags,
  domainGetVcpuPinInfo,
  domainGetVcpus,
  domainGetVcpusFlags,
  domainPinEmulator,
  domainPinVcpu,
  domainPinVcpuFlags,
  domainSetGuestVcpus,
  domainSetSchedulerParametersFlags,
  domainSetVcpu,
  domainSetVcpus,
  domainSetVcpusFlags,
} from './procedures/domain-vcpus.ts'
export {
  domainAbortJob,
  domainAbortJobFlags,
  domainAgentSetResponseTimeout,
  domainGetGuestInfo,
  domainGetHostname,
  domainGetJobInfo,
  domainGetJobStats,
  domainGetPerfEvents,
  domainMigratePerform3Params,
} from './procedures/domain-agent-jobs.ts'
export {
  qemuConnectDomainMonitorEventDeregister,
  qemuConnectDomainMonitorEventRegister,
  qemuDomainAgentCommand,
  qemuDomainMonitorCommand,
} from './procedures/qemu.ts'
export {
  AgentReason,
  AgentState,
  AuthType,
  ConnectFlags,
  ControlState,
  CreateFlags,
  DefinedDetail,
  DefineFlags,
  DestroyFlags,
  DomainState,
  DomainStats,
  DomainStatsFlags,
  Feature,
  GuestInfoTypes,
  JobOperation,
  JobStatsFlags,
  JobType,
  LifecycleEvent,
  ListDomainsFlags,
  MetadataType,
  MigrateFlags,
  MigrateParam,
  ModificationImpact,
  PausedReason,
  ResumedDetail,
  RunningReason,
  SetVcpuFlags,
  ShutdownDetail,
  ShutdownFlags,
  ShutoffReason,
  StartedDetail,
  StoppedDetail,
  SuspendedDetail,
  UndefinedDetail,
  UndefineFlags,
  VcpuFlags,
  VcpuHostCpu,
  VcpuState,
  XmlFlags,
} from './constants.ts'
