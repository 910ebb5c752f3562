/** What a key means in the list of machines. */
type GridCommand =
  | { readonly kind: 'go'; readonly to: number; readonly extend: boolean }
  | { readonly kind: 'toggle' }
  | { readonly kind: 'toggle-all' }
  | { readonly kind: 'clear' }

interface GridKey {
  readonly key: string
  readonly shiftKey: boolean
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
}

/**
 * Reads a key pressed on a row.
 * @param index of that row
 * @param count rows in the list
 * @param pageRows rows that fit on the screen
 * @returns undefined where the key belongs to the browser
 */
export function gridCommand(
  event: GridKey,
  index: number,
  count: number,
  pageRows: number,
): GridCommand | undefined {
  const command = event.ctrlKey || event.metaKey
  if (event.altKey) return undefined
  if (command) return event.key === 'a' ? { kind: 'toggle-all' } : undefined
  if (event.key === ' ') return { kind: 'toggle' }
  if (event.key === 'Escape') return { kind: 'clear' }
  const to = target(event.key, index, count, Math.max(1, pageRows))
  if (to === undefined) return undefined
  return { kind: 'go', to: Math.min(count - 1, Math.max(0, to)), extend: event.shiftKey }
}

function target(key: string, index: number, count: number, pageRows: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return index + 1
    case 'ArrowUp':
      return index - 1
    case 'PageDown':
      return index + pageRows
    case 'PageUp':
      return index - pageRows
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return undefined
  }
}
