/** One line of a difference. `gap`: unchanged lines that are not shown, their number in `text`. */
export interface DifferenceLine {
  readonly kind: 'same' | 'removed' | 'added' | 'gap'
  readonly text: string
}

/** Unchanged lines shown around a change. */
const CONTEXT_LINES = 3
/** Above this many pairs of lines the changed middle is shown as one block instead of being matched line by line. */
const PAIRS_MAX = 1_000_000

/**
 * What changed between two texts, line by line, with a few unchanged lines around. Equal texts give no lines.
 */
export function lineDifference(before: string, after: string): DifferenceLine[] {
  if (before === after) return []
  const old = before.split('\n')
  const fresh = after.split('\n')
  let start = 0
  while (start < old.length && start < fresh.length && old[start] === fresh[start]) start += 1
  let end = 0
  const shorter = Math.min(old.length, fresh.length) - start
  while (end < shorter && old[old.length - 1 - end] === fresh[fresh.length - 1 - end]) end += 1
  const middle = matchLines(old.slice(start, old.length - end), fresh.slice(start, fresh.length - end))
  const same = (lines: readonly string[]) => lines.map((text) => ({ kind: 'same' as const, text }))
  return withGaps([...same(old.slice(0, start)), ...middle, ...same(old.slice(old.length - end))])
}

/** Longest common subsequence by the usual table, from the end. */
function matchLines(old: readonly string[], fresh: readonly string[]): DifferenceLine[] {
  const removed = (text: string) => ({ kind: 'removed' as const, text })
  const added = (text: string) => ({ kind: 'added' as const, text })
  const width = fresh.length + 1
  if (old.length * fresh.length > PAIRS_MAX) return [...old.map(removed), ...fresh.map(added)]
  const common = new Uint32Array((old.length + 1) * width)
  const at = (row: number, column: number) => common[row * width + column] ?? 0
  for (let row = old.length - 1; row >= 0; row -= 1) {
    for (let column = fresh.length - 1; column >= 0; column -= 1) {
      common[row * width + column] =
        old[row] === fresh[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1))
    }
  }
  const lines: DifferenceLine[] = []
  let row = 0
  let column = 0
  while (row < old.length || column < fresh.length) {
    const left = old[row]
    const right = fresh[column]
    if (left !== undefined && left === right) {
      lines.push({ kind: 'same', text: left })
      row += 1
      column += 1
    } else if (left !== undefined && (right === undefined || at(row + 1, column) >= at(row, column + 1))) {
      lines.push(removed(left))
      row += 1
    } else {
      lines.push(added(right ?? ''))
      column += 1
    }
  }
  return lines
}

function withGaps(lines: readonly DifferenceLine[]): DifferenceLine[] {
  const isNear = new Uint8Array(lines.length)
  lines.forEach((line, index) => {
    if (line.kind !== 'same') isNear.fill(1, Math.max(0, index - CONTEXT_LINES), index + CONTEXT_LINES + 1)
  })
  const shown: DifferenceLine[] = []
  let hidden = 0
  const closeGap = () => {
    if (hidden > 0) shown.push({ kind: 'gap', text: String(hidden) })
    hidden = 0
  }
  lines.forEach((line, index) => {
    if (isNear[index] === 0) {
      hidden += 1
      return
    }
    closeGap()
    shown.push(line)
  })
  closeGap()
  return shown
}
