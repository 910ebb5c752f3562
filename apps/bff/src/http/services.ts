import type { AuditLog } from '../audit/audit-log.ts'
import type { DemoDoor } from '../demo/demo-door.ts'
import type { GuestOsPage } from '../guest-os/guest-os-page.ts'
import type { ResizeHooks } from '../hooks/resize-hooks.ts'
import type { HostDirectory } from '../hosts/host-directory.ts'
import type { IdentityService } from '../identity/identity-service.ts'
import type { VmDirectory } from '../inventory/vm-directory.ts'
import type { PrepareDesk } from '../prepare/prepare-desk.ts'
import type { ResizeDesk } from '../resize/resize-desk.ts'
import type { ResizeKeys } from '../resize/resize-keys.ts'
import type { SettingsDesk } from '../settings/settings-desk.ts'

/** What the routes call. They translate and decide nothing. */
export interface ApiServices {
  readonly vms: VmDirectory
  readonly desk: ResizeDesk
  readonly resizeKeys: ResizeKeys
  readonly hosts: HostDirectory
  readonly audit: AuditLog
  readonly identity: IdentityService
  readonly settings: SettingsDesk
  readonly guestOs: GuestOsPage
  readonly prepare: PrepareDesk
  /** Absent where none are configured. */
  readonly hooks?: Pick<ResizeHooks, 'list'> | undefined
  /** Absent where nothing is simulated. */
  readonly demo?: DemoDoor | undefined
  /** Version of the product, e.g. `0.1.0`. */
  readonly version: string
}
