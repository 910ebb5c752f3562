import type { DaemonVersion } from '../hypervisor/daemon-version.ts'
import type { HostHardware } from '../hypervisor/demo-host.ts'
import type { VmSpec } from './vm-spec.ts'

/** One host of a fleet. */
export interface HostSpec {
  readonly name: string
  readonly version: DaemonVersion
  readonly hardware?: Partial<HostHardware>
  /** `false`: its daemon does not answer. */
  readonly online?: boolean
  readonly vms: readonly VmSpec[]
}
