import type { ChangeOfMind, ResizePlan } from '@coreshift/shared/contract'
import { CommandFailure } from '../../../domain/query-failure.tsx'
import { resize } from '../../../strings/resize.ts'
import { Notice } from '../../../ui/notice.tsx'
import { formatCount } from '../../../ui/number-words.ts'
import './plan-preview.css'

interface PlanPreviewProps {
  readonly plan: ResizePlan | undefined
  readonly error: unknown
  /** The machine changed after the button was pressed: this is another plan than the one that was sent. */
  readonly changed: boolean
  readonly onRetry: () => void
}

/** What the button would do, as the server says: the same plan that it will then carry out. */
export function PlanPreview({ plan, error, changed, onRetry }: PlanPreviewProps) {
  return (
    <div className="cs-plan" role="group" aria-label={resize.preview}>
      {changed && (
        <Notice tone="warning" live="alert" title={resize.planChanged}>
          {resize.planChangedText}
        </Notice>
      )}
      {plan ? (
        <PlanWords plan={plan} />
      ) : error ? (
        <CommandFailure error={error} onRetry={onRetry} />
      ) : (
        <p className="cs-quiet">{resize.previewWaiting}</p>
      )}
    </div>
  )
}

function PlanWords({ plan }: { plan: ResizePlan }) {
  return (
    <>
      <p className="cs-plan__head">
        <b>{resize.fromTo(formatCount(plan.from.sockets), formatCount(plan.to.sockets))}</b>
      </p>
      {plan.changeOfMind && <Merge merge={plan.changeOfMind} />}
      <dl className="cs-pairs">
        <PlanPart label={resize.planNow} steps={plan.now} />
        <PlanPart label={resize.planAfterRestart} steps={plan.afterRestart} />
      </dl>
      {plan.expected && (
        <p className="cs-quiet">
          {resize.expected(plan.expected.medianMs, plan.expected.removals, plan.expected.refusals)}
        </p>
      )}
      {plan.warnings?.map((warning) => (
        <p key={warning} className="cs-plan__warning">
          {warning}
        </p>
      ))}
      {!plan.allowed &&
        plan.reasons.map((reason) => (
          <p key={`${reason.code} ${reason.message}`} data-reason={reason.code} className="cs-field__error">
            {reason.message}
          </p>
        ))}
    </>
  )
}

/** What becomes of the resize that gives way. */
function Merge({ merge }: { merge: ChangeOfMind }) {
  if (merge.sentences.length === 0) return null
  return (
    <ul className="cs-plan__merge" aria-label={resize.merge}>
      {merge.sentences.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  )
}

function PlanPart({ label, steps }: { label: string; steps: readonly string[] }) {
  if (steps.length === 0) return null
  return (
    <>
      <dt>{label}</dt>
      {steps.map((step) => (
        <dd key={step}>{step}</dd>
      ))}
    </>
  )
}
