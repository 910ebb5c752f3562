import { isOpen } from '@coreshift/shared'
import type { Operation, Vm } from '@coreshift/shared/contract'

/** A guest that uses more of what it has left lacks what was taken. */
export const BUSY_PERCENT = 90
/** Later the load has other reasons than the removal. */
const WATCHED_MS = 3_600_000

/**
 * The number of sockets to offer to a guest that became busy after vCPUs were removed from it.
 * @param operation the machine's latest
 * @param now ms since 1970
 * @returns undefined where nothing was removed lately, or the guest is not busy
 */
export function giveBackTo(
  { kind, state, vcpus, from, finishedAt }: Operation,
  { sockets, loadPercent }: Pick<Vm, 'sockets' | 'loadPercent'>,
  now: number,
): number | undefined {
  const removed = kind === 'unplug' && !isOpen(state) && vcpus.some((vcpu) => vcpu.state === 'removed')
  if (!removed || finishedAt === undefined || now - Date.parse(finishedAt) >= WATCHED_MS) return undefined
  if (loadPercent === undefined || loadPercent < BUSY_PERCENT) return undefined
  return Number.isInteger(from.sockets) && from.sockets > sockets ? from.sockets : undefined
}
