import { describe, expect, it } from 'vitest'
import type { Clock } from '../clock.ts'
import { hedged } from './hedged.ts'

/** Questions that are answered by hand, and a clock that is wound by hand. */
function bench(worthwhile = () => true) {
  const questions: PromiseWithResolvers<string>[] = []
  const timers: { at: number; action: () => void }[] = []
  let now = 0
  const clock: Clock = {
    now: () => now,
    after(ms, action) {
      const timer = { at: now + ms, action }
      timers.push(timer)
      return () => void (timers.includes(timer) && timers.splice(timers.indexOf(timer), 1))
    },
  }
  const pass = (ms: number): void => {
    now += ms
    for (const timer of timers.splice(0)) {
      if (timer.at <= now) timer.action()
      else timers.push(timer)
    }
  }
  const ask = (): Promise<string> => {
    const question = Promise.withResolvers<string>()
    questions.push(question)
    return question.promise
  }
  const answer = hedged(clock, ask, { afterMs: 1000, askedMax: 3, worthwhile })
  return { questions, timers, pass, answer }
}

describe('a question that is asked again when no answer comes', () => {
  it('is asked once when the answer comes in time', async () => {
    const { questions, timers, answer } = bench()
    questions[0]?.resolve('first')
    expect(await answer).toBe('first')
    expect(timers).toEqual([])
    expect(questions).toHaveLength(1)
  })

  it('takes the second answer when the first is lost', async () => {
    const { questions, timers, pass, answer } = bench()
    pass(1000)
    questions[1]?.resolve('second')
    expect(await answer).toBe('second')
    expect(timers).toEqual([])
  })

  it('takes the first answer when it comes late but first', async () => {
    const { questions, pass, answer } = bench()
    pass(1000)
    questions[0]?.resolve('late')
    questions[1]?.resolve('second')
    expect(await answer).toBe('late')
  })

  it('has no more than so many questions out', () => {
    const { questions, pass } = bench()
    for (let second = 0; second < 10; second += 1) pass(1000)
    expect(questions).toHaveLength(3)
  })

  it('is not asked again while that makes no sense', () => {
    let queued = true
    const { questions, pass } = bench(() => !queued)
    pass(1000)
    expect(questions).toHaveLength(1)
    queued = false
    pass(1000)
    expect(questions).toHaveLength(2)
  })

  it('rejects at once when the only question fails', async () => {
    const { questions, timers, answer } = bench()
    questions[0]?.reject(new Error('refused'))
    await expect(answer).rejects.toThrow('refused')
    expect(timers).toEqual([])
  })

  it('still waits for the second when the first fails', async () => {
    const { questions, pass, answer } = bench()
    pass(1000)
    questions[0]?.reject(new Error('timed out'))
    questions[1]?.resolve('second')
    expect(await answer).toBe('second')
  })

  it('rejects with the first failure when all fail', async () => {
    const { questions, pass, answer } = bench()
    pass(1000)
    pass(1000)
    questions[1]?.reject(new Error('two'))
    questions[0]?.reject(new Error('one'))
    questions[2]?.reject(new Error('three'))
    await expect(answer).rejects.toThrow('two')
  })
})
