/** One measured figure and what it has to be. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** Absent: printed for knowledge only. */
  readonly goal?: { readonly atMost: number } | { readonly atLeast: number }
}

export function isMet({ value, goal }: Figure): boolean {
  if (!goal) return true
  return 'atMost' in goal ? value <= goal.atMost : value >= goal.atLeast
}

const digits = (value: number) =>
  Number.isInteger(value) ? String(value) : value.toFixed(value < 10 ? 2 : 1)

/** One line of the printed table. */
export function figureLine(figure: Figure): string {
  const { name, value, unit, goal } = figure
  const wanted = goal ? ('atMost' in goal ? `at most ${goal.atMost}` : `at least ${goal.atLeast}`) : ''
  const verdict = goal ? (isMet(figure) ? 'met' : 'MISSED') : ''
  return `${name.padEnd(62)} ${digits(value).padStart(8)} ${unit.padEnd(6)} ${wanted.padEnd(14)} ${verdict}`.trimEnd()
}
