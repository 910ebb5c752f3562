import type { TimeZone } from '../../ui/time-words.ts'

const MINUTE_MS = 60_000
/** Length of `2026-11-22T12:03`. */
const FIELD_LENGTH = 16

/** An instant as a `datetime-local` field wants it: the time in the chosen zone, without naming it. */
export function toInstantField(instant: string | undefined, zone: TimeZone): string {
  if (!instant) return ''
  const date = new Date(instant)
  if (Number.isNaN(date.getTime())) return ''
  const shiftMs = zone === 'UTC' ? 0 : date.getTimezoneOffset() * MINUTE_MS
  return new Date(date.getTime() - shiftMs).toISOString().slice(0, FIELD_LENGTH)
}

/** The instant of a `datetime-local` field, or undefined while it is incomplete. */
export function fromInstantField(value: string, zone: TimeZone): string | undefined {
  const date = new Date(zone === 'UTC' ? `${value}Z` : value)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}
