import { describe, expect, it } from 'vitest'
import type { Advance } from './testing/promises.ts'
import { simulate } from './testing/simulate.ts'
import { changeOfMindStories } from './testing/stories/change-of-mind-stories.ts'
import { endingStories } from './testing/stories/ending-stories.ts'
import { guestAgentStories } from './testing/stories/guest-agent-stories.ts'
import { lostThingsStories } from './testing/stories/lost-things-stories.ts'
import { unplugStories } from './testing/stories/unplug-stories.ts'
import { wrongAboutEnds } from './testing/wrong-engines/wrong-about-ends.ts'
import { wrongAboutTime } from './testing/wrong-engines/wrong-about-time.ts'
import { wrongAboutTruth } from './testing/wrong-engines/wrong-about-truth.ts'

/** Random lives in which a wrong engine has to be found out, where no story does it. */
const SEEDS = 1000
const LIMIT_MS = 60_000

const stories = {
  ...unplugStories,
  ...lostThingsStories,
  ...endingStories,
  ...guestAgentStories,
  ...changeOfMindStories,
}
const wrong = { ...wrongAboutTruth, ...wrongAboutTime, ...wrongAboutEnds }

/** Name of the first story, or seed, that finds the engine out. */
function findOut(engine: Advance): string | undefined {
  for (const [name, story] of Object.entries(stories)) {
    try {
      story(engine)
    } catch {
      return name
    }
  }
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    try {
      simulate(engine, seed)
    } catch {
      return `seed ${seed}`
    }
  }
  return undefined
}

describe('a wrong engine is found out', () => {
  it.each(Object.entries(wrong))('%s', { timeout: LIMIT_MS }, (_name, engine) => {
    expect(findOut(engine)).toBeDefined()
  })

  it('there are at least 40 of them', () => {
    expect(Object.keys(wrong).length).toBeGreaterThanOrEqual(40)
  })
})
