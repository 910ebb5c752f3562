import { Link } from '@tanstack/react-router'
import type { PreparePlan } from '@coreshift/shared/contract'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { prepare as words } from '../../../strings/prepare.ts'
import { CardBox } from '../../../ui/card-box.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { XmlDifference } from './xml-difference.tsx'

interface PrepareDoneProps {
  readonly uuid: string
  /** What was carried out; absent where a preparation was undone. */
  readonly plan: PreparePlan | undefined
  readonly undone: PreparePlan['xml'] | undefined
  readonly isRunning: boolean
  readonly onEnd: () => void
}

/** What was stored, and what has to happen until it counts. */
export function PrepareDone({ uuid, plan, undone, isRunning, onEnd }: PrepareDoneProps) {
  return (
    <CardBox title={words.title} className="cs-prepare">
      <Notice tone="success" live="status" title={plan ? words.done : words.undone}>
        {plan && words.takesEffect[plan.takesEffect]}
      </Notice>
      <details>
        <summary>{words.definition}</summary>
        <XmlDifference lines={plan?.xml ?? undone ?? []} />
      </details>
      <div className="cs-buttons">
        {isRunning && plan && (
          <Link to="/vms/$uuid" params={{ uuid }} search={{ view: 'forecast' }} replace resetScroll={false}>
            {words.seeForecast}
          </Link>
        )}
        <Button variant="link" onClick={onEnd}>
          {words.close}
        </Button>
      </div>
    </CardBox>
  )
}
