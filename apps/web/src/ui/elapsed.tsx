import { useNow } from './clock.tsx'
import { useTimeWords } from './instant.tsx'
import { runningTime } from './time-words.ts'

/** How long something has been going on, counting by itself. Renders alone, not with its surroundings. */
export function Elapsed({ since }: { since: string }) {
  const now = useNow()
  const { wholeInstant } = useTimeWords()
  return (
    <time dateTime={since} title={wholeInstant(since)} className="cs-figures">
      {runningTime(now - Date.parse(since))}
    </time>
  )
}

/** How long until something happens; `due` is shown once the time has come. */
export function Countdown({ until, due }: { until: string; due: string }) {
  const now = useNow()
  const { wholeInstant } = useTimeWords()
  const left = Date.parse(until) - now
  return (
    <time dateTime={until} title={wholeInstant(until)} className="cs-figures">
      {left <= 0 ? due : `in ${runningTime(left + 999)}`}
    </time>
  )
}
