import type { Actor, GuestOsMatrixInput, GuestOsMatrixView } from '@coreshift/shared/contract'
import type { VmDirectory } from '../inventory/vm-directory.ts'
import type { OperationStore } from '../resize/operation-store.ts'
import { fleetExperience } from './fleet-experience.ts'
import type { GuestOsDesk } from './guest-os-desk.ts'

/** Ended operations that the fleet's experience is made from, newest first. Bounds what one look costs. */
const OPERATIONS_MAX = 1_000

/** The matrix with what this fleet has seen, as its page shows it. */
export interface GuestOsPage {
  view(): Promise<GuestOsMatrixView>
  /** Throws like `GuestOsDesk.replace`. */
  replace(input: GuestOsMatrixInput, actor: Actor, requestId?: string): Promise<GuestOsMatrixView>
}

interface GuestOsPageOptions {
  readonly desk: GuestOsDesk
  readonly vms: Pick<VmDirectory, 'list' | 'summary'>
  readonly operations: Pick<OperationStore, 'listEnded'>
}

export function createGuestOsPage({ desk, vms, operations }: GuestOsPageOptions): GuestOsPage {
  async function view(): Promise<GuestOsMatrixView> {
    const ended = await operations.listEnded(OPERATIONS_MAX)
    const seen = fleetExperience(ended, (uuid) => vms.summary(uuid)?.guestOs.row)
    const counts = new Map<string, number>()
    for (const { guestOs } of vms.list()) {
      if (guestOs.row !== undefined) counts.set(guestOs.row, (counts.get(guestOs.row) ?? 0) + 1)
    }
    return desk.view({ seen, vms: counts })
  }

  return {
    view,
    async replace(input, actor, requestId) {
      await desk.replace(input, actor, requestId)
      return view()
    },
  }
}
