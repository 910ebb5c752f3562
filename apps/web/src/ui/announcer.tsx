import { createContext, use, useCallback, useMemo, useState, type ReactNode } from 'react'

type Announce = (sentence: string) => void

const AnnounceContext = createContext<Announce>(() => undefined)

/** A polite live region for screen readers: one for the whole page, so that nothing is read twice. */
export function Announcer({ children }: { children: ReactNode }) {
  const [sentence, setSentence] = useState('')
  const announce = useCallback((next: string) => setSentence(next), [])
  const region = useMemo(
    () => (
      <div className="pf-v6-screen-reader" role="status" aria-live="polite">
        {sentence}
      </div>
    ),
    [sentence],
  )
  return (
    <AnnounceContext value={announce}>
      {children}
      {region}
    </AnnounceContext>
  )
}

/** Says a sentence to screen readers when they are free. */
export function useAnnounce(): Announce {
  return use(AnnounceContext)
}
