/** No vCPU id is higher in libvirt (REMOTE_VCPUINFO_MAX is 16,384). */
export const VCPU_ID_MAX = 16_383

/** Ids as libvirt writes them: `4-7,9`. Sorted, without doubles. Throws RangeError for a number that is no id. */
export function formatVcpuList(ids: Iterable<number>): string {
  const sorted = [...new Set(ids)].sort((a, b) => a - b)
  const parts: string[] = []
  for (let i = 0; i < sorted.length;) {
    const first = checkedId(sorted[i] ?? -1)
    let last = first
    while (sorted[++i] === last + 1) last++
    parts.push(first === last ? `${first}` : `${first}-${last}`)
  }
  return parts.join(',')
}

/**
 * The ids in a list as libvirt reads it: numbers and ranges in the order written, `^n` takes one away again.
 * Throws RangeError when the text is no such list. Ascending.
 */
export function parseVcpuList(text: string): number[] {
  const ids = new Set<number>()
  if (text.trim() === '') return []
  for (const part of text.split(',')) {
    const match = /^\s*(\^?)(\d{1,5})(?:-(\d{1,5}))?\s*$/.exec(part)
    if (match === null) throw new RangeError(`${JSON.stringify(text)} is no list of vCPUs such as "0-3,6,^2"`)
    const first = checkedId(Number(match[2]))
    const last = match[3] === undefined ? first : checkedId(Number(match[3]))
    if (last < first)
      throw new RangeError(`${JSON.stringify(text)}: the range ${first}-${last} runs backwards`)
    if (match[1] === '^' && match[3] !== undefined) {
      throw new RangeError(`${JSON.stringify(text)}: "^" takes away one vCPU, not a range`)
    }
    for (let id = first; id <= last; id++) {
      if (match[1] === '^') ids.delete(id)
      else ids.add(id)
    }
  }
  return [...ids].sort((a, b) => a - b)
}

function checkedId(id: number): number {
  if (!Number.isInteger(id) || id < 0 || id > VCPU_ID_MAX) {
    throw new RangeError(`${id} is not a vCPU id (0 to ${VCPU_ID_MAX})`)
  }
  return id
}
