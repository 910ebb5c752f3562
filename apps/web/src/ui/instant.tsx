import { useMemo } from 'react'
import { shownZone } from './shown-zone.ts'
import { useStoredChoice } from './stored-choice.ts'
import {
  calendarDay,
  clockTime,
  clockTimeWithMs,
  dayAndTime,
  wholeInstant,
  type TimeZone,
} from './time-words.ts'

const timeZoneOf = (choice: ReturnType<typeof shownZone.current>): TimeZone =>
  choice === 'utc' ? 'UTC' : undefined

/** The zone that the person chose; the component renders again when they choose another. */
export function useTimeZone(): TimeZone {
  return timeZoneOf(useStoredChoice(shownZone))
}

/** The zone that the person chose, for words that are made when they are asked for. */
export function timeZoneNow(): TimeZone {
  return timeZoneOf(shownZone.current())
}

/** The words for instants in the chosen zone, for sentences; `Instant` is for a time that stands alone. */
export function useTimeWords() {
  const zone = useTimeZone()
  return useMemo(
    () => ({
      clockTime: (instant: string) => clockTime(instant, zone),
      clockTimeWithMs: (instant: string) => clockTimeWithMs(instant, zone),
      calendarDay: (instant: string) => calendarDay(instant, zone),
      dayAndTime: (instant: string) => dayAndTime(instant, zone),
      wholeInstant: (instant: string) => wholeInstant(instant, zone),
    }),
    [zone],
  )
}

const FORMS = {
  clock: clockTime,
  'clock-ms': clockTimeWithMs,
  day: calendarDay,
  'day-time': dayAndTime,
} as const

interface InstantProps {
  /** ISO 8601 */
  readonly at: string
  /** `clock` 12:03:04, `clock-ms` with milliseconds, `day` 22 Nov 2026, `day-time` both without seconds. */
  readonly form: keyof typeof FORMS
  readonly className?: string
}

/** A moment in the chosen zone; pointing at it shows it whole, in both zones. */
export function Instant({ at, form, className = '' }: InstantProps) {
  const zone = useTimeZone()
  return (
    <time dateTime={at} title={wholeInstant(at, zone)} className={`cs-figures ${className}`}>
      {FORMS[form](at, zone)}
    </time>
  )
}
