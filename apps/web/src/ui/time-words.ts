const TIME: Intl.DateTimeFormatOptions = {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
}
const DAY: Intl.DateTimeFormatOptions = { year: 'numeric', month: 'short', day: '2-digit' }

/**
 * An IANA name of a time zone; undefined means the viewer's own. Words for an instant take it from the person's choice
 * (`useTimeWords`, `Instant`), so that none can leave it out.
 */
export type TimeZone = string | undefined

/** Makes a formatter per zone once: making one costs more than a hundred uses. */
function formatterIn(options: Intl.DateTimeFormatOptions): (instant: string, timeZone: TimeZone) => string {
  const made = new Map<TimeZone, Intl.DateTimeFormat>()
  return (instant, timeZone) => {
    const known = made.get(timeZone)
    const format =
      known ??
      new Intl.DateTimeFormat('en-GB', { ...options, ...(timeZone === undefined ? {} : { timeZone }) })
    if (!known) made.set(timeZone, format)
    return format.format(new Date(instant))
  }
}

const clock = formatterIn(TIME)
const clockMs = formatterIn({ ...TIME, fractionalSecondDigits: 3 })
const day = formatterIn(DAY)
const dayAndMinute = formatterIn({ ...DAY, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
const whole = formatterIn({ ...DAY, ...TIME, timeZoneName: 'short' })

/** UTC is told by the sign that logs use, so that a copied time cannot be taken for a local one. */
const zulu = (timeZone: TimeZone) => (timeZone === 'UTC' ? 'Z' : '')

/** `12:03:04`, in UTC `12:03:04Z`. */
export function clockTime(instant: string, timeZone: TimeZone): string {
  return clock(instant, timeZone) + zulu(timeZone)
}

/** `12:03:04.250`, in UTC `12:03:04.250Z`. */
export function clockTimeWithMs(instant: string, timeZone: TimeZone): string {
  return clockMs(instant, timeZone) + zulu(timeZone)
}

/** `22 Nov 2026` */
export function calendarDay(instant: string, timeZone: TimeZone): string {
  return day(instant, timeZone)
}

/** `22 Nov 2026, 12:03`, in UTC with a `Z`. */
export function dayAndTime(instant: string, timeZone: TimeZone): string {
  return dayAndMinute(instant, timeZone) + zulu(timeZone)
}

/** Whole instant with its zone, for tooltips and details: `22 Nov 2026, 12:03:04 CET (2026-11-22T11:03:04.000Z)`. */
export function wholeInstant(instant: string, timeZone: TimeZone): string {
  return `${whole(instant, timeZone)} (${new Date(instant).toISOString()})`
}

/** Elapsed time of something that is still running: whole units, because tenths that jump tell nothing. */
export function runningTime(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} m` : `${minutes} m ${seconds % 60} s`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} m`
  return hours % 24 === 0 ? `${hours / 24} d` : `${Math.floor(hours / 24)} d ${hours % 24} h`
}
