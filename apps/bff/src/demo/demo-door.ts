import type { DemoGuest, DemoGuestChange, DemoHostChange } from '@coreshift/shared/contract'

/** Behind the scenes of the simulated hosts. There is none when the product serves real hosts only. */
export interface DemoDoor {
  /** @throws Failure `not-found` when the host is not simulated or has no such VM */
  guest(host: string, vm: string): DemoGuest
  /**
   * Changes how the guest behaves from the next request on, or makes something happen in it now.
   * @throws Failure `not-found`, or `invalid-request` for what this guest cannot be made to do
   */
  changeGuest(host: string, vm: string, change: DemoGuestChange): DemoGuest
  /** @throws Failure `not-found` */
  changeHost(host: string, change: DemoHostChange): Promise<void>
}
