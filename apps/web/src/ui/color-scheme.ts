import { useEffect } from 'react'
import { createStoredChoice, useStoredChoice } from './stored-choice.ts'

/** `system` follows the browser. The key and values are those of public/color-scheme.js. */
export const colorScheme = createStoredChoice('coreshift.color-scheme', ['system', 'light', 'dark'])

const DARK_CLASS = 'pf-v6-theme-dark'

/** Keeps the page in the chosen colours, also when the system's own choice changes. */
export function useColorScheme(): void {
  const scheme = useStoredChoice(colorScheme)
  useEffect(() => {
    const systemPrefersDark = matchMedia('(prefers-color-scheme: dark)')
    const apply = () => {
      const dark = scheme === 'dark' || (scheme === 'system' && systemPrefersDark.matches)
      document.documentElement.classList.toggle(DARK_CLASS, dark)
    }
    apply()
    systemPrefersDark.addEventListener('change', apply)
    return () => systemPrefersDark.removeEventListener('change', apply)
  }, [scheme])
}
