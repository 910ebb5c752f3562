import { formatVcpuRanges, type Removability } from '@coreshift/shared'
import type { NextBootForecast } from '@coreshift/shared/contract'

/** vCPUs that have the same prospects. */
interface ForecastRange {
  readonly ids: string
  readonly count: number
  readonly now: Removability | undefined
  readonly nextBoot: Removability | undefined
  /** Whether the next boot changes what a live removal can do with them, or whether they are there. */
  readonly changes: boolean
}

/** The forecast in as few lines as say the same: neighbours with the same prospects stand in one. */
export function forecastRanges(vcpus: NextBootForecast['vcpus']): ForecastRange[] {
  const groups: { ids: number[]; now: Removability | undefined; nextBoot: Removability | undefined }[] = []
  for (const { id, now, nextBoot } of vcpus) {
    const last = groups.at(-1)
    if (last && last.now === now && last.nextBoot === nextBoot) last.ids.push(id)
    else groups.push({ ids: [id], now, nextBoot })
  }
  return groups.map(({ ids, now, nextBoot }) => ({
    ids: formatVcpuRanges(ids),
    count: ids.length,
    now,
    nextBoot,
    changes: now !== undefined && nextBoot !== undefined && now !== nextBoot,
  }))
}
