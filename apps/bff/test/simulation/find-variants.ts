import { advance as realAdvance } from '../../src/resize/engine/resize-engine.ts'
import type { Turn } from '../../src/resize/engine/engine-io.ts'
import type { Advance } from '../../src/resize/engine/testing/promises.ts'
import { engineVariants } from './engine-variants.ts'
import { runSchedule } from './run-schedule.ts'
import { scheduleOf } from './schedule.ts'

/** Lives in which every wrong engine has to be found out. */
export const LIVES_OF_WRONG_ONES = 1_000
/** Lives that a wrong engine gets although it decided otherwise in them: more would not show it either. */
const LIVES_EACH_MAX = 50

interface FoundVariant {
  readonly name: string
  /** A seed that shows it. */
  readonly seed: number
  /** What was noticed first. */
  readonly failure: string
}

/**
 * Searches for a seed that finds each wrong engine out. The real engine lives, the wrong ones look over its shoulder:
 * only a life in which one would have decided otherwise can show it, and only that life it gets to lead itself.
 */
export async function* findVariants(first: number): AsyncGenerator<FoundVariant> {
  const left = new Map(Object.entries(await engineVariants()))
  const lives = new Map<string, number>()
  for (let seed = first; seed < first + LIVES_OF_WRONG_ONES && left.size > 0; seed += 1) {
    for (const name of await differing(seed, left)) {
      const advance = left.get(name)
      const led = (lives.get(name) ?? 0) + 1
      lives.set(name, led)
      if (advance === undefined || led > LIVES_EACH_MAX) continue
      const { failure } = await runSchedule(scheduleOf(seed), { advance })
      if (failure === undefined) continue
      left.delete(name)
      yield { name, seed, failure: failure.split('\n')[0] ?? '' }
    }
  }
}

/** Which of the wrong engines decide otherwise than the real one at some step of a life. */
async function differing(seed: number, variants: ReadonlyMap<string, Advance>): Promise<Set<string>> {
  const found = new Set<string>()
  await runSchedule(scheduleOf(seed), {
    advance(record, input) {
      const turn = realAdvance(record, input)
      const right = decision(turn)
      for (const [name, variant] of variants) {
        if (!found.has(name) && decisionOf(() => variant(record, input)) !== right) found.add(name)
      }
      return turn
    },
  })
  return found
}

function decisionOf(decide: () => Turn): string {
  try {
    return decision(decide())
  } catch (error) {
    return String(error)
  }
}

/** Everything about a turn that has consequences. */
function decision({ record, effects, audit }: Turn): string {
  const { timeline: _timeline, sentence: _sentence, ...rest } = record
  return JSON.stringify([
    rest,
    effects,
    audit.map(({ action, actor, outcome }) => [action, actor.name, outcome]),
  ])
}
