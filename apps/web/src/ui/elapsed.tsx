import type { PointerEvent } from 'react'
import { useNow } from './clock.tsx'
import { timeZoneNow } from './instant.tsx'
import { runningTime, wholeInstant } from './time-words.ts'

/** How long something has been going on, counting by itself. Renders alone, not with its surroundings. */
export function Elapsed({ since }: { since: string }) {
  const now = useNow()
  return <Counting instant={since}>{runningTime(now - Date.parse(since))}</Counting>
}

/** How long until something happens; `due` is shown once the time has come. */
export function Countdown({ until, due }: { until: string; due: string }) {
  const now = useNow()
  const left = Date.parse(until) - now
  return <Counting instant={until}>{left <= 0 ? due : `in ${runningTime(left + 999)}`}</Counting>
}

/** Pointing at it shows the instant whole: words that a list of many clocks does not make beforehand. */
function Counting({ instant, children }: { instant: string; children: string }) {
  const tellInstant = ({ currentTarget }: PointerEvent<HTMLElement>) => {
    currentTarget.title = wholeInstant(instant, timeZoneNow())
  }
  return (
    <time dateTime={instant} className="cs-figures" onPointerEnter={tellInstant}>
      {children}
    </time>
  )
}
