import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  FIGURES_QUIET_MS,
  FRAME_INTERVAL_MS,
  createFramePacer,
  type FrameNews,
  type PacerClock,
} from './frame-pacer.ts'

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
    pacer.request('change')
    pacer.request('change')
    expect(frames).toBe(0)
    endTurn()
    expect(frames).toBe(1)
  })

  it('wait until the last one is old enough, and no longer', () => {
    const { clock, endTurn, pass } = virtualClock()
    let frames = 0
    const pacer = createFramePacer(clock, () => (frames += 1))
    pacer.request('change')
    endTurn()
    pass(10)
    pacer.request('change')
    pacer.request('change')
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
      pacer.request('change')
      endTurn()
      pass(1)
    }
    expect(frames).toBe(20)
  })

  it('of a change go out at once although figures went out just before', () => {
    const { clock, endTurn, pass } = virtualClock()
    let frames = 0
    const pacer = createFramePacer(clock, () => (frames += 1))
    pacer.request('figures')
    endTurn()
    pass(1)
    pacer.request('change')
    endTurn()
    expect(frames).toBe(2)
  })

  it('of figures alone wait for quiet, and figures go with a change that comes before', () => {
    const { clock, endTurn, pass } = virtualClock()
    let frames = 0
    const pacer = createFramePacer(clock, () => (frames += 1))
    pacer.request('change')
    endTurn()
    pacer.request('figures')
    pass(FIGURES_QUIET_MS - 1)
    expect(frames).toBe(1)
    pass(1)
    expect(frames).toBe(2)

    pacer.request('figures')
    pass(FRAME_INTERVAL_MS)
    pacer.request('change')
    endTurn()
    expect(frames).toBe(3)
    pass(FIGURES_QUIET_MS)
    expect(frames).toBe(3)
  })

  it('are no more than 20 in any second, and none is forgotten, whatever changes when', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(120), fc.constantFrom<FrameNews>('change', 'figures')), { maxLength: 300 }),
        (requests) => {
          const { clock, endTurn, pass } = virtualClock()
          const frames: number[] = []
          const pacer = createFramePacer(clock, () => frames.push(clock.now()))
          for (const [pauseMs, news] of requests) {
            for (let ms = 0; ms < pauseMs; ms += 1) pass(1)
            pacer.request(news)
            endTurn()
          }
          const lastRequestMs = clock.now()
          for (let ms = 0; ms < FIGURES_QUIET_MS; ms += 1) pass(1)
          for (const [index, atMs] of frames.entries()) {
            expect((frames[index + 20] ?? Number.POSITIVE_INFINITY) - atMs).toBeGreaterThanOrEqual(1_000)
          }
          if (requests.length > 0) expect(frames.at(-1)).toBeGreaterThanOrEqual(lastRequestMs)
        },
      ),
    )
  })

  it('no longer come after the stop', () => {
    const { clock, endTurn, pass } = virtualClock()
    let frames = 0
    const pacer = createFramePacer(clock, () => (frames += 1))
    pacer.request('change')
    endTurn()
    pacer.request('change')
    pacer.stop()
    pass(1_000)
    pacer.request('change')
    endTurn()
    expect(frames).toBe(1)
  })
})
