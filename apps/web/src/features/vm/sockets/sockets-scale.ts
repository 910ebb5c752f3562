import {
  formatVcpuRanges,
  isAcknowledgeable,
  type RefusalCode,
  type ResizeMode,
  type Unlock,
} from '@coreshift/shared'
import type { Reason, SocketsOption, Verdict } from '@coreshift/shared/contract'

/** `open`: possible in the chosen mode. `later`: only after a restart. `closed`: not at all. */
export type ScaleMark = 'open' | 'later' | 'closed'

/** The verdict that counts for a mode; for `both` each half has to be allowed. */
export function verdictFor(option: SocketsOption, mode: ResizeMode): Verdict {
  switch (mode) {
    case 'live':
      return option.live
    case 'nextBoot':
      return option.nextBoot
    case 'both':
      return {
        allowed: option.live.allowed && option.nextBoot.allowed,
        reasons: uniqueReasons([...option.live.reasons, ...option.nextBoot.reasons]),
        acknowledge: [
          ...new Set([...(option.live.acknowledge ?? []), ...(option.nextBoot.acknowledge ?? [])]),
        ],
      }
  }
}

/**
 * The options as they are for a request that replaces the open resize: that one no longer stands in the way.
 */
export function withoutOpenResize(options: readonly SocketsOption[]): SocketsOption[] {
  const lift = (verdict: Verdict): Verdict => {
    const reasons = verdict.reasons.filter((reason) => reason.code !== 'resize-in-progress')
    const allowed = reasons.every((reason) => isAcknowledgeable(reason.code))
    const acknowledge = allowed ? reasons.map((reason) => reason.code) : []
    return { allowed, reasons, ...(acknowledge.length > 0 ? { acknowledge } : {}) }
  }
  return options.map((option) => ({ ...option, live: lift(option.live), nextBoot: lift(option.nextBoot) }))
}

function uniqueReasons(reasons: readonly Reason[]): Reason[] {
  const seen = new Map(reasons.map((reason) => [`${reason.code} ${reason.message}`, reason]))
  return [...seen.values()]
}

export function markOf(option: SocketsOption, mode: ResizeMode): ScaleMark {
  if (verdictFor(option, mode).allowed) return 'open'
  return option.nextBoot.allowed ? 'later' : 'closed'
}

/** One reason and all the values it stands in the way of. */
export interface ReasonGroup {
  /** As ranges, e.g. `7-16`. */
  readonly range: string
  readonly lowest: number
  readonly code: RefusalCode
  readonly message: string
  readonly unlock: readonly Unlock[]
}

/**
 * The reasons under the scale. Values that are refused for the same kind of reason stand in one line; where the
 * words differ from value to value (they name other vCPUs) those of the value nearest to the current one are taken.
 */
export function groupReasons(
  options: readonly SocketsOption[],
  mode: ResizeMode,
  current: number,
): ReasonGroup[] {
  interface Collected {
    readonly values: number[]
    nearest: number
    reason: Reason
  }
  const groups = new Map<string, Collected>()
  for (const option of options) {
    const verdict = verdictFor(option, mode)
    if (verdict.allowed) continue
    for (const reason of verdict.reasons) {
      const distance = Math.abs(option.sockets - current)
      const key = `${reason.code} ${(reason.unlock ?? []).join(' ')}`
      const group = groups.get(key)
      if (!group) {
        groups.set(key, { values: [option.sockets], nearest: distance, reason })
        continue
      }
      group.values.push(option.sockets)
      if (distance < group.nearest) {
        group.nearest = distance
        group.reason = reason
      }
    }
  }
  return [...groups.values()]
    .map(({ values, reason }) => ({
      range: formatVcpuRanges(values),
      lowest: Math.min(...values),
      code: reason.code,
      message: reason.message,
      unlock: reason.unlock ?? [],
    }))
    .sort((a, b) => a.lowest - b.lowest)
}
