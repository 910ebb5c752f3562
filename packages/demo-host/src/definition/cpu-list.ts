import { formatVcpuList, parseVcpuList } from '@coreshift/libvirt'

/** Numbers of CPUs in a list such as `0-3,^2`, ascending; `null` when the text is no such list. */
export function readCpuList(text: string): number[] | null {
  try {
    const ids = parseVcpuList(text)
    return ids.length === 0 ? null : ids
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

/** A list as libvirt prints it: `0-3,6`. */
export function writeCpuList(cpus: Iterable<number>): string {
  return formatVcpuList(cpus)
}
