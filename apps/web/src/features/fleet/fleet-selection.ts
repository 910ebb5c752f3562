import type { VmSummary } from '@coreshift/shared/contract'

/** Which machines are chosen, whatever the list shows at the moment. */
export interface FleetSelection {
  readonly uuids: ReadonlySet<string>
  /** Where a range begins: the machine chosen or let go last. */
  readonly anchor: string | undefined
}

export const NOTHING_SELECTED: FleetSelection = { uuids: new Set(), anchor: undefined }

type Rows = readonly Pick<VmSummary, 'uuid'>[]

/** One machine more, or one fewer. */
export function toggled({ uuids }: FleetSelection, uuid: string): FleetSelection {
  const next = new Set(uuids)
  if (!next.delete(uuid)) next.add(uuid)
  return { uuids: next, anchor: uuid }
}

/** The rows from the anchor to this one, in the order of the list; without an anchor this one alone. */
export function extendedTo(selection: FleetSelection, rows: Rows, uuid: string): FleetSelection {
  const from = rows.findIndex((row) => row.uuid === selection.anchor)
  const to = rows.findIndex((row) => row.uuid === uuid)
  if (to < 0) return selection
  const first = from < 0 ? to : Math.min(from, to)
  const added = rows.slice(first, Math.max(from, to) + 1).map((row) => row.uuid)
  return { uuids: new Set([...selection.uuids, ...added]), anchor: from < 0 ? uuid : selection.anchor }
}

/** How much of the list is chosen. */
export function coverage({ uuids }: FleetSelection, rows: Rows): 'none' | 'some' | 'all' {
  if (uuids.size === 0) return 'none'
  let chosen = 0
  for (const row of rows) if (uuids.has(row.uuid)) chosen += 1
  return chosen === 0 ? 'none' : chosen === rows.length ? 'all' : 'some'
}

/** All rows of the list chosen, or none of them where all were; machines outside the list stay as they are. */
export function allToggled(selection: FleetSelection, rows: Rows): FleetSelection {
  const uuids = new Set(selection.uuids)
  const letGo = coverage(selection, rows) === 'all'
  for (const { uuid } of rows) {
    if (letGo) uuids.delete(uuid)
    else uuids.add(uuid)
  }
  return { uuids, anchor: selection.anchor }
}

/** The chosen machines that still exist, as they are now. */
export function selectedVms(
  { uuids }: Pick<FleetSelection, 'uuids'>,
  vms: readonly VmSummary[],
): VmSummary[] {
  return uuids.size === 0 ? [] : vms.filter((vm) => uuids.has(vm.uuid))
}
