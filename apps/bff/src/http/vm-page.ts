import type { VmList, VmSummary } from '@coreshift/shared/contract'
import type { VmDirectory } from '../inventory/vm-directory.ts'
import { pageOf, type ListOrder, type PageQuery } from './list-page.ts'

interface VmPageQuery extends PageQuery {
  readonly host?: string | undefined
  readonly status?: string | undefined
  readonly q?: string | undefined
}

const BY_NAME: ListOrder<VmSummary> = { placeOf: ({ name, uuid }) => [name, uuid] }

/** One page of VMs by name. */
export function pageOfVms(vms: Pick<VmDirectory, 'list' | 'rev'>, query: VmPageQuery): VmList {
  const text = query.q?.toLowerCase()
  const matching = vms
    .list()
    .filter((vm) => query.host === undefined || vm.host === query.host || vm.hostName === query.host)
    .filter((vm) => query.status === undefined || vm.status === query.status)
    .filter(
      (vm) =>
        text === undefined ||
        vm.name.toLowerCase().includes(text) ||
        (vm.title?.toLowerCase().includes(text) ?? false),
    )
  return { ...pageOf(matching, BY_NAME, query), total: matching.length, rev: vms.rev }
}
