/** The value below which the part `p` (0 to 1) of the sample lies. */
export function quantile(sample: readonly number[], p: number): number {
  const sorted = [...sample].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? Number.NaN
}

export const median = (sample: readonly number[]): number => quantile(sample, 0.5)
