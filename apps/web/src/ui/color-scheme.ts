import { useSyncExternalStore } from 'react'

/** `system` follows the browser. The key and values are those of public/color-scheme.js. */
export const COLOR_SCHEMES = ['system', 'light', 'dark'] as const
export type ColorScheme = (typeof COLOR_SCHEMES)[number]

const KEY = 'coreshift.color-scheme'
const DARK_CLASS = 'pf-v6-theme-dark'

const listeners = new Set<() => void>()
const systemPrefersDark = () => matchMedia('(prefers-color-scheme: dark)')

function isScheme(value: string | null): value is ColorScheme {
  return (COLOR_SCHEMES as readonly (string | null)[]).includes(value)
}

function stored(): ColorScheme {
  try {
    const value = localStorage.getItem(KEY)
    return isScheme(value) ? value : 'system'
  } catch {
    // Storage is forbidden in this browser: the choice lasts as long as the page.
    return 'system'
  }
}

let current: ColorScheme | undefined

function apply(scheme: ColorScheme): void {
  const dark = scheme === 'dark' || (scheme === 'system' && systemPrefersDark().matches)
  document.documentElement.classList.toggle(DARK_CLASS, dark)
}

export function chooseColorScheme(scheme: ColorScheme): void {
  current = scheme
  try {
    localStorage.setItem(KEY, scheme)
  } catch {
    // As above: the choice lasts as long as the page.
  }
  apply(scheme)
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  const query = systemPrefersDark()
  const onSystemChange = () => apply(current ?? stored())
  listeners.add(listener)
  query.addEventListener('change', onSystemChange)
  return () => {
    listeners.delete(listener)
    query.removeEventListener('change', onSystemChange)
  }
}

export function useColorScheme(): ColorScheme {
  return useSyncExternalStore(subscribe, () => (current ??= stored()))
}
