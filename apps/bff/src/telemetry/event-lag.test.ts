import { expect, it } from 'vitest'
import { createEventLag } from './event-lag.ts'

function measured() {
  const clock = { ms: 0 }
  const lags: number[] = []
  const lag = createEventLag(
    () => clock.ms,
    (ms) => lags.push(ms),
  )
  return { clock, lags, lag }
}

it.each(['vm:a', 'fleet'])('measures from the event to the frame of %s, once', (topic) => {
  const { clock, lags, lag } = measured()
  lag.heard('a')
  clock.ms = 3
  lag.shown('a')
  clock.ms = 5
  lag.published(topic)
  lag.published(topic)
  expect(lags).toEqual([5])
})

it('counts from the first of several events', () => {
  const { clock, lags, lag } = measured()
  lag.heard('a')
  clock.ms = 10
  lag.heard('a')
  lag.shown('a')
  lag.published('vm:a')
  expect(lags).toEqual([10])
})

it('does not count a frame that went out before the event was read', () => {
  const { lags, lag } = measured()
  lag.heard('a')
  lag.published('fleet')
  expect(lags).toEqual([])
})

it('does not count a change that nobody watched', () => {
  const { clock, lags, lag } = measured()
  lag.heard('a')
  lag.shown('a')
  clock.ms = 60_000
  lag.published('fleet')
  expect(lags).toEqual([])
})

it('does not count from an event that changed nothing', () => {
  const { clock, lags, lag } = measured()
  lag.heard('a')
  clock.ms = 60_000
  lag.heard('a')
  clock.ms = 60_002
  lag.shown('a')
  lag.published('vm:a')
  expect(lags).toEqual([2])
})

it('does not mix up VMs and topics', () => {
  const { lags, lag } = measured()
  lag.heard('a')
  lag.shown('a')
  lag.shown('b')
  for (const topic of ['vm:b', 'hosts', 'resizes', 'audit']) lag.published(topic)
  expect(lags).toEqual([])
})
