import { isOpen } from '@coreshift/shared'
import type { OperationRecord } from '../../../src/resize/operation-record.ts'
import type { Input, Turn } from '../../../src/resize/engine/engine-io.ts'
import { checkDeadlines } from './deadline-checks.ts'
import { checkEnding } from './ending-checks.ts'
import { checkHints } from './hint-checks.ts'
import { newStory, stepOf, tellStory, type Story } from './step-story.ts'

/**
 * Watches every operation at the seam between engine and shell, and works out from what came in what may come out.
 * It keeps a story of its own: what the engine remembers is part of what is checked.
 */
export class StepOracle {
  readonly #stories = new Map<string, Story>()
  /** A step that could not be stored is tried again with the same input: it is one step of the story. */
  readonly #told = new WeakSet<Input>()

  /** Throws BrokenPromise. */
  check(before: OperationRecord, input: Input, turn: Turn): void {
    if (this.#told.has(input)) return
    this.#told.add(input)
    const step = stepOf(this.#storyOf(before, input), before, input, turn)
    checkHints(step)
    if (isOpen(before.state)) {
      checkDeadlines(step)
      checkEnding(step)
    }
    // Whether the newer operation could be stored is not known yet; if not, this one goes on as if nothing had been.
    if (input.type !== 'replaced') tellStory(step)
  }

  #storyOf(record: OperationRecord, { at }: Input): Story {
    let story = this.#stories.get(record.id)
    if (!story) this.#stories.set(record.id, (story = newStory(Math.max(at, Date.parse(record.createdAt)))))
    return story
  }
}
