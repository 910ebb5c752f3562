import type { RefusalCode, Unlock } from '../refusal-code.ts'
import { formatVcpuRanges } from '../vcpu-ranges.ts'

/** A `Refusal` as the rules make it, also assignable to the contract's `Reason`. */
export interface SocketsRefusal {
  readonly code: RefusalCode
  readonly message: string
  readonly unlock?: Unlock[]
  readonly vcpus?: number[]
}

/**
 * A reason names at most this many vCPUs one by one. With more, `vcpus` is left out and the sentence says how
 * many there are, so that the answer for a VM with thousands of vCPUs stays small.
 */
export const REASON_VCPUS_MAX = 64

/** Ranges spelled out in one sentence. */
export const RANGES_MAX = 8

export function refusal(
  code: RefusalCode,
  message: string,
  details: { readonly unlock?: readonly Unlock[]; readonly vcpus?: readonly number[] } = {},
): SocketsRefusal {
  const { unlock = [], vcpus = [] } = details
  return {
    code,
    message,
    ...(unlock.length > 0 && { unlock: [...unlock] }),
    ...(vcpus.length > 0 && vcpus.length <= REASON_VCPUS_MAX && { vcpus: vcpus.toSorted((a, b) => a - b) }),
  }
}

/** `1 vCPU`, `2 vCPUs`, `1 socket`, `12 sockets`. */
export function counted(count: number, noun: 'socket' | 'vCPU' | 'CPU'): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** `vCPU 2-3`; a long list of ranges ends with how many more there are. */
export function vcpusInWords(ids: readonly number[]): string {
  const ranges = formatVcpuRanges(ids).split(',')
  if (ranges.length <= RANGES_MAX) return `vCPU ${ranges.join(', ')}`
  const shown = ranges.slice(0, RANGES_MAX)
  const shownCount = shown.reduce((sum, range) => {
    const [first = 0, last = first] = range.split('-').map(Number)
    return sum + last - first + 1
  }, 0)
  return `vCPU ${shown.join(', ')} and ${ids.length - shownCount} more`
}
