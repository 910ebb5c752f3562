/**
 * Elements under `<domain>` that libvirt keeps and this simulation does not look into, in the order in which libvirt's
 * formatter prints them (virDomainDefFormatInternalSetRootName).
 */
export const SECTIONS_BEFORE_VCPU = ['blkiotune', 'memtune', 'memoryBacking'] as const
export const SECTIONS_BEFORE_CPUTUNE = ['iothreads', 'iothreadids'] as const
export const SECTIONS_AFTER_CPUTUNE = [
  'numatune',
  'resource',
  'sysinfo',
  'bootloader',
  'os',
  'features',
  'cpu',
  'clock',
  'on_poweroff',
  'on_reboot',
  'on_crash',
  'pm',
  'perf',
  'devices',
  'seclabel',
  'keywrap',
  'launchSecurity',
] as const

/** All of them; any other element that is not modelled is dropped silently, as libvirt does. */
export const KEPT_SECTIONS: ReadonlySet<string> = new Set([
  'genid',
  'maxMemory',
  ...SECTIONS_BEFORE_VCPU,
  ...SECTIONS_BEFORE_CPUTUNE,
  ...SECTIONS_AFTER_CPUTUNE,
])
