const TIME: Intl.DateTimeFormatOptions = {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
}
const DAY: Intl.DateTimeFormatOptions = { year: 'numeric', month: 'short', day: '2-digit' }

/** `12:03:04`, in the viewer's zone unless one is given. */
export function clockTime(instant: string, timeZone?: string): string {
  return new Intl.DateTimeFormat('en-GB', { ...TIME, ...zone(timeZone) }).format(new Date(instant))
}

/** `12:03:04.250` */
export function clockTimeWithMs(instant: string, timeZone?: string): string {
  return new Intl.DateTimeFormat('en-GB', { ...TIME, fractionalSecondDigits: 3, ...zone(timeZone) }).format(
    new Date(instant),
  )
}

/** `22 Nov 2026` */
export function calendarDay(instant: string, timeZone?: string): string {
  return new Intl.DateTimeFormat('en-GB', { ...DAY, ...zone(timeZone) }).format(new Date(instant))
}

/** Whole instant with its zone, for tooltips and details: `22 Nov 2026, 12:03:04 CET (11:03:04 UTC)`. */
export function wholeInstant(instant: string, timeZone?: string): string {
  const date = new Date(instant)
  const local = new Intl.DateTimeFormat('en-GB', {
    ...DAY,
    ...TIME,
    timeZoneName: 'short',
    ...zone(timeZone),
  }).format(date)
  return `${local} (${date.toISOString()})`
}

/** Elapsed time of something that is still running: whole units, because tenths that jump tell nothing. */
export function runningTime(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} m` : `${minutes} m ${seconds % 60} s`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} m`
  return `${Math.floor(hours / 24)} d ${hours % 24} h`
}

function zone(timeZone: string | undefined): Intl.DateTimeFormatOptions {
  return timeZone === undefined ? {} : { timeZone }
}
