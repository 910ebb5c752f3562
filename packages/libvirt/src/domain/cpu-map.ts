/** libvirt's REMOTE_CPUMAP_MAX: a map holds at most 16,384 CPUs. */
export const CPU_MAP_BYTES_MAX = 2048

/** Bytes that a map for `cpuCount` CPUs takes. */
export function cpuMapBytes(cpuCount: number): number {
  return Math.ceil(cpuCount / 8)
}

/** The CPU numbers in a map, ascending: bit 0 of byte 0 is CPU 0. */
export function cpusOfMap(map: Uint8Array): number[] {
  const cpus: number[] = []
  map.forEach((byte, at) => {
    for (let bit = 0; bit < 8; bit++) {
      if ((byte & (1 << bit)) !== 0) cpus.push(at * 8 + bit)
    }
  })
  return cpus
}

/** A map with these CPUs set, of at least `minBytes` bytes. Throws RangeError for a number that is no CPU. */
export function cpuMapOf(cpus: Iterable<number>, minBytes = 0): Uint8Array<ArrayBuffer> {
  const all = [...cpus]
  for (const cpu of all) {
    if (!Number.isInteger(cpu) || cpu < 0 || cpu >= CPU_MAP_BYTES_MAX * 8) {
      throw new RangeError(`${cpu} is not a CPU number (0 to ${CPU_MAP_BYTES_MAX * 8 - 1})`)
    }
  }
  const highest = all.reduce((max, cpu) => Math.max(max, cpu), -1)
  const map = new Uint8Array(Math.max(minBytes, cpuMapBytes(highest + 1)))
  for (const cpu of all) map[cpu >> 3] = (map[cpu >> 3] ?? 0) | (1 << (cpu & 7))
  return map
}

/** Cuts maps that libvirt sends one behind the other, `mapBytes` bytes each. */
export function splitCpuMaps(maps: Uint8Array, mapBytes: number): Uint8Array[] {
  if (mapBytes <= 0) return []
  const count = Math.floor(maps.length / mapBytes)
  return Array.from({ length: count }, (_, i) => maps.subarray(i * mapBytes, (i + 1) * mapBytes))
}
