import type { DomainStatistics } from './read-domain.ts'
import type { VmLoad } from './vm-load.ts'

interface Reading {
  readonly atMs: number
  readonly vcpuTimeNs: ReadonlyMap<number, bigint>
}

/** Turns CPU times of two readings into load figures. */
export class LoadMeter {
  readonly #last = new Map<string, Reading>()

  /**
   * @param atMs monotonic or epoch ms of this reading
   * @returns `undefined` for the first reading of a domain
   */
  measure(statistics: DomainStatistics, atMs: number): VmLoad | undefined {
    const before = this.#last.get(statistics.uuid)
    this.#last.set(statistics.uuid, { atMs, vcpuTimeNs: statistics.vcpuTimeNs })
    const passedNs = before === undefined ? 0 : (atMs - before.atMs) * 1e6
    if (before === undefined || passedNs <= 0) return undefined
    const byVcpu = new Map<number, number>()
    let sum = 0
    for (const [id, time] of statistics.vcpuTimeNs) {
      const old = before.vcpuTimeNs.get(id)
      // A vCPU that was removed and added again starts from nothing.
      const used = old === undefined || time < old ? 0 : Number(time - old)
      const percent = Math.min(100, Math.round((used / passedNs) * 100))
      byVcpu.set(id, percent)
      sum += percent
    }
    return { percent: byVcpu.size === 0 ? 0 : Math.round(sum / byVcpu.size), byVcpu }
  }

  forget(uuid: string): void {
    this.#last.delete(uuid)
  }
}
