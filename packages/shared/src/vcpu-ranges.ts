/**
 * vCPU ids as people and libvirt write them: `[4,5,6,7]` is `4-7`, `[1,3]` is `1,3`.
 * @param ids in any order, duplicates allowed
 */
export function formatVcpuRanges(ids: Iterable<number>): string {
  const sorted = [...new Set(ids)].sort((a, b) => a - b)
  const parts: string[] = []
  for (let index = 0; index < sorted.length;) {
    const first = sorted[index] ?? 0
    let end = index
    while (sorted[end + 1] === first + (end - index) + 1) end += 1
    parts.push(end === index ? `${first}` : `${first}-${first + end - index}`)
    index = end + 1
  }
  return parts.join(',')
}
