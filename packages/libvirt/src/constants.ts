// Flags and enumerations under libvirt's own names (libvirt-domain.h, libvirt-host.h, remote_protocol.x), each without
// its common prefix. Combine flags with `|`.

/** virConnectFlags. */
export const ConnectFlags = { RO: 1, NO_ALIASES: 2 } as const

/** remote_auth_type: what the daemon asks for before open. */
export const AuthType = { NONE: 0, SASL: 1, POLKIT: 2 } as const

/** VIR_DRV_FEATURE_…: questions to `connectSupportsFeature`. */
export const Feature = {
  /** Also switches the daemon's pings on. */
  PROGRAM_KEEPALIVE: 10,
  REMOTE_EVENT_CALLBACK: 14,
  REMOTE_CLOSE_CALLBACK: 15,
} as const

/** virDomainModificationImpact. */
export const ModificationImpact = { CURRENT: 0, LIVE: 1, CONFIG: 2 } as const

/** virDomainVcpuFlags, for `domainSetVcpusFlags` and `domainGetVcpusFlags`. */
export const VcpuFlags = {
  CURRENT: 0,
  LIVE: 1,
  CONFIG: 2,
  /** The maximum instead of the current number; setting it needs CONFIG. */
  MAXIMUM: 4,
  /** Ask the guest agent. */
  GUEST: 8,
  /** Mark added vCPUs as hot-pluggable. */
  HOTPLUGGABLE: 16,
  /** Return before the guest has let go (12.4.0). */
  ASYNC_UNPLUG: 32,
} as const

/** virDomainSetVcpuFlags, for `domainSetVcpu`. */
export const SetVcpuFlags = {
  CURRENT: 0,
  LIVE: 1,
  CONFIG: 2,
  /** Return before the guest has let go (12.4.0). */
  ASYNC_UNPLUG: 4,
} as const

/** virVcpuState. */
export const VcpuState = { OFFLINE: 0, RUNNING: 1, BLOCKED: 2 } as const

/** virVcpuHostCpuState: values of `hostCpu` that are no CPU. */
export const VcpuHostCpu = { OFFLINE: -1, UNAVAILABLE: -2 } as const

/** virDomainState. */
export const DomainState = {
  NOSTATE: 0,
  RUNNING: 1,
  BLOCKED: 2,
  PAUSED: 3,
  SHUTDOWN: 4,
  SHUTOFF: 5,
  CRASHED: 6,
  PMSUSPENDED: 7,
} as const
export type DomainState = (typeof DomainState)[keyof typeof DomainState]

/** virDomainRunningReason. */
export const RunningReason = {
  UNKNOWN: 0,
  BOOTED: 1,
  MIGRATED: 2,
  RESTORED: 3,
  FROM_SNAPSHOT: 4,
  UNPAUSED: 5,
  MIGRATION_CANCELED: 6,
  SAVE_CANCELED: 7,
  WAKEUP: 8,
  CRASHED: 9,
  POSTCOPY: 10,
  POSTCOPY_FAILED: 11,
} as const

/** virDomainPausedReason. */
export const PausedReason = {
  UNKNOWN: 0,
  USER: 1,
  MIGRATION: 2,
  SAVE: 3,
  DUMP: 4,
  IOERROR: 5,
  WATCHDOG: 6,
  FROM_SNAPSHOT: 7,
  SHUTTING_DOWN: 8,
  SNAPSHOT: 9,
  CRASHED: 10,
  STARTING_UP: 11,
  POSTCOPY: 12,
  POSTCOPY_FAILED: 13,
  API_ERROR: 14,
} as const

/** virDomainShutoffReason. */
export const ShutoffReason = {
  UNKNOWN: 0,
  SHUTDOWN: 1,
  DESTROYED: 2,
  CRASHED: 3,
  MIGRATED: 4,
  SAVED: 5,
  FAILED: 6,
  FROM_SNAPSHOT: 7,
  DAEMON: 8,
} as const

/** virDomainControlState. */
export const ControlState = { OK: 0, JOB: 1, OCCUPIED: 2, ERROR: 3 } as const

/** virDomainEventType, the `event` of `lifecycle`. */
export const LifecycleEvent = {
  DEFINED: 0,
  UNDEFINED: 1,
  STARTED: 2,
  SUSPENDED: 3,
  RESUMED: 4,
  STOPPED: 5,
  SHUTDOWN: 6,
  PMSUSPENDED: 7,
  CRASHED: 8,
} as const
export type LifecycleEvent = (typeof LifecycleEvent)[keyof typeof LifecycleEvent]

/** virDomainEventDefinedDetailType. */
export const DefinedDetail = { ADDED: 0, UPDATED: 1, RENAMED: 2, FROM_SNAPSHOT: 3 } as const
/** virDomainEventUndefinedDetailType. */
export const UndefinedDetail = { REMOVED: 0, RENAMED: 1 } as const
/** virDomainEventStartedDetailType. */
export const StartedDetail = {
  BOOTED: 0,
  MIGRATED: 1,
  RESTORED: 2,
  FROM_SNAPSHOT: 3,
  WAKEUP: 4,
  RECREATED: 5,
} as const
/** virDomainEventSuspendedDetailType. */
export const SuspendedDetail = {
  PAUSED: 0,
  MIGRATED: 1,
  IOERROR: 2,
  WATCHDOG: 3,
  RESTORED: 4,
  FROM_SNAPSHOT: 5,
  API_ERROR: 6,
  POSTCOPY: 7,
  POSTCOPY_FAILED: 8,
  GUEST_SHUTDOWN: 9,
} as const
/** virDomainEventResumedDetailType. */
export const ResumedDetail = {
  UNPAUSED: 0,
  MIGRATED: 1,
  FROM_SNAPSHOT: 2,
  POSTCOPY: 3,
  POSTCOPY_FAILED: 4,
} as const
/** virDomainEventStoppedDetailType. */
export const StoppedDetail = {
  SHUTDOWN: 0,
  DESTROYED: 1,
  CRASHED: 2,
  MIGRATED: 3,
  SAVED: 4,
  FAILED: 5,
  FROM_SNAPSHOT: 6,
  RECREATED: 7,
} as const
/** virDomainEventShutdownDetailType. */
export const ShutdownDetail = { FINISHED: 0, GUEST: 1, HOST: 2 } as const

/** virConnectDomainEventAgentLifecycleState; also of channels. */
export const AgentState = { CONNECTED: 1, DISCONNECTED: 2 } as const
/** virConnectDomainEventAgentLifecycleReason; also of channels. */
export const AgentReason = { UNKNOWN: 0, DOMAIN_STARTED: 1, CHANNEL: 2 } as const

/** virDomainXMLFlags. */
export const XmlFlags = { SECURE: 1, INACTIVE: 2, UPDATE_CPU: 4, MIGRATABLE: 8 } as const

/** virDomainMetadataType. */
export const MetadataType = { DESCRIPTION: 0, TITLE: 1, ELEMENT: 2 } as const

/** virConnectListAllDomainsFlags. */
export const ListDomainsFlags = {
  ACTIVE: 1,
  INACTIVE: 2,
  PERSISTENT: 4,
  TRANSIENT: 8,
  RUNNING: 16,
  PAUSED: 32,
  SHUTOFF: 64,
  OTHER: 128,
  MANAGEDSAVE: 256,
  NO_MANAGEDSAVE: 512,
  AUTOSTART: 1024,
  NO_AUTOSTART: 2048,
  HAS_SNAPSHOT: 4096,
  NO_SNAPSHOT: 8192,
  HAS_CHECKPOINT: 16_384,
  NO_CHECKPOINT: 32_768,
} as const

/** virDomainStatsTypes: groups of `connectGetAllDomainStats`. */
export const DomainStats = {
  STATE: 1,
  CPU_TOTAL: 2,
  BALLOON: 4,
  VCPU: 8,
  INTERFACE: 16,
  BLOCK: 32,
  PERF: 64,
  IOTHREAD: 128,
  MEMORY: 256,
  DIRTYRATE: 512,
  VM: 1024,
} as const

/** virConnectGetAllDomainStatsFlags. */
export const DomainStatsFlags = {
  ACTIVE: 1,
  INACTIVE: 2,
  PERSISTENT: 4,
  TRANSIENT: 8,
  RUNNING: 16,
  PAUSED: 32,
  SHUTOFF: 64,
  OTHER: 128,
  /** Do not wait for a domain that is busy with a job. */
  NOWAIT: 536_870_912,
  BACKING: 1_073_741_824,
  /** Refuse groups that the daemon does not know instead of leaving them out. */
  ENFORCE_STATS: 2_147_483_648,
} as const

/** virDomainCreateFlags. */
export const CreateFlags = {
  NONE: 0,
  PAUSED: 1,
  AUTODESTROY: 2,
  BYPASS_CACHE: 4,
  FORCE_BOOT: 8,
  VALIDATE: 16,
  RESET_NVRAM: 32,
} as const

/** virDomainDefineFlags. */
export const DefineFlags = { VALIDATE: 1 } as const

/** virDomainUndefineFlagsValues. */
export const UndefineFlags = {
  MANAGED_SAVE: 1,
  SNAPSHOTS_METADATA: 2,
  NVRAM: 4,
  KEEP_NVRAM: 8,
  CHECKPOINTS_METADATA: 16,
  TPM: 32,
  KEEP_TPM: 64,
} as const

/** virDomainDestroyFlagsValues. */
export const DestroyFlags = { DEFAULT: 0, GRACEFUL: 1, REMOVE_LOGS: 2 } as const

/** virDomainShutdownFlagValues, also for reboot. */
export const ShutdownFlags = {
  DEFAULT: 0,
  ACPI_POWER_BTN: 1,
  GUEST_AGENT: 2,
  INITCTL: 4,
  SIGNAL: 8,
  PARAVIRT: 16,
} as const

/** virDomainGuestInfoTypes. */
export const GuestInfoTypes = {
  USERS: 1,
  OS: 2,
  TIMEZONE: 4,
  HOSTNAME: 8,
  FILESYSTEM: 16,
  DISKS: 32,
  INTERFACES: 64,
  /** 11.2.0 */
  LOAD: 128,
  /** 12.7.0 */
  DEVICES: 256,
} as const

/** virDomainJobType. */
export const JobType = { NONE: 0, BOUNDED: 1, UNBOUNDED: 2, COMPLETED: 3, FAILED: 4, CANCELLED: 5 } as const

/** virDomainGetJobStatsFlags. */
export const JobStatsFlags = { COMPLETED: 1, KEEP_COMPLETED: 2 } as const

/** virDomainJobOperation, the parameter `operation`. */
export const JobOperation = {
  UNKNOWN: 0,
  START: 1,
  SAVE: 2,
  RESTORE: 3,
  MIGRATION_IN: 4,
  MIGRATION_OUT: 5,
  SNAPSHOT: 6,
  SNAPSHOT_REVERT: 7,
  DUMP: 8,
  BACKUP: 9,
  SNAPSHOT_DELETE: 10,
} as const

/** virDomainMigrateFlags. */
export const MigrateFlags = {
  LIVE: 1,
  PEER2PEER: 2,
  TUNNELLED: 4,
  PERSIST_DEST: 8,
  UNDEFINE_SOURCE: 16,
  PAUSED: 32,
  NON_SHARED_DISK: 64,
  NON_SHARED_INC: 128,
  CHANGE_PROTECTION: 256,
  UNSAFE: 512,
  OFFLINE: 1024,
  COMPRESSED: 2048,
  ABORT_ON_ERROR: 4096,
  AUTO_CONVERGE: 8192,
  RDMA_PIN_ALL: 16_384,
  POSTCOPY: 32_768,
  TLS: 65_536,
  PARALLEL: 131_072,
} as const

/** VIR_MIGRATE_PARAM_…: names of migration parameters, all strings unless stated. */
export const MigrateParam = {
  URI: 'migrate_uri',
  DEST_NAME: 'destination_name',
  DEST_XML: 'destination_xml',
  PERSIST_XML: 'persistent_xml',
  /** ULLONG, MiB/s. */
  BANDWIDTH: 'bandwidth',
  GRAPHICS_URI: 'graphics_uri',
  LISTEN_ADDRESS: 'listen_address',
} as const
