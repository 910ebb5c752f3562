import type { Operation } from '@coreshift/shared/contract'
import { Failure } from '../failure.ts'
import type { VmDirectory } from '../inventory/vm-directory.ts'
import type { ResizeDesk } from '../resize/resize-desk.ts'
import { noSuchVm } from './limited-vms.ts'

/** The resizes of the VMs that are within a limit now. */
export function limitedDesk(desk: ResizeDesk, vms: Pick<VmDirectory, 'summary'>): ResizeDesk {
  const shows = (operation: Operation): boolean => vms.summary(operation.vm) !== undefined
  const shown = (operation: Operation | undefined): Operation | undefined =>
    operation && shows(operation) ? operation : undefined

  function existingVm(uuid: string): void {
    if (!vms.summary(uuid)) throw noSuchVm(uuid)
  }

  async function existingOperation(id: string): Promise<void> {
    if (!shown(await desk.find(id))) throw new Failure('not-found', `There is no resize ${id}.`)
  }

  return {
    options(uuid) {
      existingVm(uuid)
      return desk.options(uuid)
    },
    async plan(uuid, request, actor) {
      existingVm(uuid)
      return desk.plan(uuid, request, actor)
    },
    async request(uuid, request, actor, requestId, operationId) {
      existingVm(uuid)
      return desk.request(uuid, request, actor, requestId, operationId)
    },
    get: (id) => shown(desk.get(id)),
    find: async (id) => shown(await desk.find(id)),
    async listForVm(uuid, page) {
      existingVm(uuid)
      return desk.listForVm(uuid, page)
    },
    listOpen: () => desk.listOpen().filter(shows),
    async retry(id, actor) {
      await existingOperation(id)
      return desk.retry(id, actor)
    },
    async abandon(id, actor) {
      await existingOperation(id)
      return desk.abandon(id, actor)
    },
    async tell(id, actor, on) {
      await existingOperation(id)
      return desk.tell(id, actor, on)
    },
    onChange: (listener) =>
      desk.onChange((operation) => {
        if (shows(operation)) listener(operation)
      }),
    onNotice: (listener) =>
      desk.onNotice((to, notice) => {
        if (vms.summary(notice.vm)) listener(to, notice)
      }),
  }
}
