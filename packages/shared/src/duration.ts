/**
 * A duration as people say it: `0.04 s`, `0.4 s`, `12 s`, `3 m 12 s`, `2 h 5 m`, `3 d 4 h`.
 * @param ms milliseconds, negative counts as 0
 */
export function formatDuration(ms: number): string {
  const safe = Math.max(0, ms)
  if (safe < 95) return `${(Math.round(safe / 10) / 100).toFixed(2)} s`
  if (safe < 9_950) return `${(Math.round(safe / 100) / 10).toFixed(1)} s`
  const seconds = Math.round(safe / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return pair(minutes, 'm', seconds % 60, 's')
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return pair(hours, 'h', minutes % 60, 'm')
  return pair(Math.floor(hours / 24), 'd', hours % 24, 'h')
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`
}
