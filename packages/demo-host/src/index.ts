export { type Demo, type DemoOptions, type FleetHost, startDemo } from './fleet/demo-fleet.ts'
export { DEMO_STORY } from './fleet/demo-story.ts'
export type { HostSpec } from './fleet/host-spec.ts'
export type { VmSpec } from './fleet/vm-spec.ts'
export { DemoControl, GUEST_ACTIONS, type GuestAction, type VmReport } from './control/demo-control.ts'
export { ControlDoor, DOOR_METHODS, type DoorMethod } from './control/control-door.ts'
export type { Fault, FaultRule } from './faults/fault-script.ts'
export {
  AGENT_MODES,
  type AgentMode,
  GUEST_BEHAVIOURS,
  type GuestBehaviour,
  type GuestProfile,
  type LoadProfile,
} from './guest/guest-profile.ts'
export { GUEST_SYSTEMS, type GuestSystemKey } from './guest/guest-catalog.ts'
export { DAEMON_VERSIONS, type DaemonVersion } from './hypervisor/daemon-version.ts'
export type { DemoHost, HostHardware } from './hypervisor/demo-host.ts'
export { LibvirtFault } from './hypervisor/libvirt-fault.ts'
export { type Clock, realClock, type Timer } from './time/clock.ts'
export { VirtualClock } from './time/virtual-clock.ts'
