import { resize } from '../strings/resize.ts'
import { Countdown } from '../ui/elapsed.tsx'
import { useTimeWords } from '../ui/instant.tsx'
import type { NextStep } from './operation-view.ts'

const TIMED = {
  'ask-again': resize.steps.askAgain,
  'look-again': resize.steps.lookAgain,
  'put-back': resize.steps.putBack,
  'give-up': resize.steps.giveUp,
}

/** What happens next by itself, and when: absolute and as a countdown. */
export function NextStepWords({ step }: { step: NextStep }) {
  const { clockTime } = useTimeWords()
  switch (step.kind) {
    case 'sending':
      return resize.steps.sending
    case 'putting-back':
      return resize.steps.puttingBack
    default:
      return (
        <>
          {TIMED[step.kind]} {resize.steps.at(clockTime(step.at))}{' '}
          <Countdown until={step.at} due={resize.steps.due} />
        </>
      )
  }
}
