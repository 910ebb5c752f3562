import { describe, expect, it } from 'vitest'
import { FRAME_INTERVAL_MS, createFramePacer, type PacerClock } from './frame-pacer.ts'

/** A clock whose time passes when the test says so. */
function virtualClock() {
  let nowMs = 1_000
  let turn: (() => void)[] = []
  let timers: { atMs: number; work: () => void }[] = []
  const clock: PacerClock = {
    now: () => nowMs,
    soon: (work) => turn.push(work),
    later(delayMs, work) {
      const timer = { atMs: nowMs + delayMs, work }
      timers.push(timer)
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
  }
  const endTurn = (): void => {
    const works = turn
    turn = []
    for (const work of works) work()
  }
  const pass = (ms: number): void => {
    nowMs += ms
    const due = timers.filter(({ atMs }) => atMs <= nowMs)
    timers = timers.filter(({ atMs }) => atMs > nowMs)
    for (const { work } of due) work()
    endTurn()
  }
  return { clock, endTurn, pass }
}

describe('frames', () => {
  it('go out in the same turn after quiet, one for all that changed in it', () => {
    const { clock, endTurn } = virtualClock()
    let frames = 0
    const pacer = createFramePacer(clock, () => (frames += 1))
    pacer.request()
    pacer.request()
    expect(frames).toBe(0)
    endTurn()
    expect(frames).toBe(1)
  })

  it('wait until the last one is old enough, and no longer', () => {
    const { clock, endTurn, pass } = virtualClock()
    let frames = 0
    const pacer = createFramePacer(clock, () => (frames += 1))
    pacer.request()
    endTurn()
    pass(10)
    pacer.request()
    pacer.request()
    pass(FRAME_INTERVAL_MS - 11)
    expect(frames).toBe(1)
    pass(1)
    expect(frames).toBe(2)
  })

  it('never come more than 20 times a second, however much changes', () => {
    const { clock, endTurn, pass } = virtualClock()
    let frames = 0
    const pacer = createFramePacer(clock, () => (frames += 1))
    for (let ms = 0; ms < 999; ms += 1) {
      pacer.request()
      endTurn()
      pass(1)
    }
    expect(frames).toBe(20)
  })

  it('no longer come after the stop', () => {
    const { clock, endTurn, pass } = virtualClock()
    let frames = 0
    const pacer = createFramePacer(clock, () => (frames += 1))
    pacer.request()
    endTurn()
    pacer.request()
    pacer.stop()
    pass(1_000)
    pacer.request()
    endTurn()
    expect(frames).toBe(1)
  })
})
