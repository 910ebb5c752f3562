import type { VmList, VmSummary } from '@coreshift/shared/contract'
import { Failure } from '../failure.ts'
import type { VmDirectory } from '../inventory/vm-directory.ts'

export interface VmPageQuery {
  readonly host?: string | undefined
  readonly status?: string | undefined
  readonly q?: string | undefined
  readonly cursor?: string | undefined
  readonly limit: number
}

/** One page of VMs by name. The cursor names the last VM shown, so that VMs which come and go shift nothing. */
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
    .sort(byPlace)
  const after = query.cursor === undefined ? undefined : placeOfCursor(query.cursor)
  const start = after === undefined ? 0 : matching.findIndex((vm) => byPlace(vm, after) > 0)
  const rest = start < 0 ? [] : matching.slice(start)
  const items = rest.slice(0, query.limit)
  const last = rest.length > query.limit ? items.at(-1) : undefined
  return {
    items,
    total: matching.length,
    rev: vms.rev,
    ...(last === undefined ? {} : { nextCursor: cursorOf(last) }),
  }
}

type Place = Pick<VmSummary, 'name' | 'uuid'>

function byPlace(a: Place, b: Place): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1
  if (a.uuid === b.uuid) return 0
  return a.uuid < b.uuid ? -1 : 1
}

function cursorOf({ uuid, name }: Place): string {
  return Buffer.from(JSON.stringify([uuid, name])).toString('base64url')
}

function placeOfCursor(cursor: string): Place {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    if (Array.isArray(place) && typeof place[0] === 'string' && typeof place[1] === 'string') {
      return { uuid: place[0], name: place[1] }
    }
  } catch {
    // Told below, like every other text that is no cursor.
  }
  throw new Failure('invalid-request', 'This is no cursor of this list; use nextCursor of the page before.')
}
