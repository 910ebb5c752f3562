import type { VmDirectory } from '../inventory/vm-directory.ts'
import type { PrepareDesk } from '../prepare/prepare-desk.ts'
import { noSuchVm } from './limited-vms.ts'

/** Preparing VMs within a limit. */
export function limitedPrepare(prepare: PrepareDesk, vms: Pick<VmDirectory, 'summary'>): PrepareDesk {
  function existing(uuid: string): void {
    if (!vms.summary(uuid)) throw noSuchVm(uuid)
  }
  return {
    forecast(uuid) {
      existing(uuid)
      return prepare.forecast(uuid)
    },
    async plan(uuid, input) {
      existing(uuid)
      return prepare.plan(uuid, input)
    },
    async prepare(uuid, input, actor, requestId) {
      existing(uuid)
      return prepare.prepare(uuid, input, actor, requestId)
    },
    async planUndo(uuid) {
      existing(uuid)
      return prepare.planUndo(uuid)
    },
    async undo(uuid, actor, requestId) {
      existing(uuid)
      return prepare.undo(uuid, actor, requestId)
    },
    async planRevert(uuid) {
      existing(uuid)
      return prepare.planRevert(uuid)
    },
    async revert(uuid, actor, requestId) {
      existing(uuid)
      return prepare.revert(uuid, actor, requestId)
    },
  }
}
