import type { ResizePlan } from '@coreshift/shared/contract'
import { CommandFailure } from '../../../domain/query-failure.tsx'
import { resize } from '../../../strings/resize.ts'
import { formatCount } from '../../../ui/number-words.ts'
import './plan-preview.css'

interface PlanPreviewProps {
  readonly plan: ResizePlan | undefined
  readonly error: unknown
  readonly onRetry: () => void
}

/** What the button would do, as the server says: the same plan that it will then carry out. */
export function PlanPreview({ plan, error, onRetry }: PlanPreviewProps) {
  return (
    <div className="cs-plan" role="group" aria-label={resize.preview}>
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
      <dl className="cs-pairs">
        <PlanPart label={resize.planNow} steps={plan.now} />
        <PlanPart label={resize.planAfterRestart} steps={plan.afterRestart} />
      </dl>
      {plan.expected && (
        <p className="cs-quiet">
          {resize.expected(plan.expected.medianMs, plan.expected.removals, plan.expected.refusals)}
        </p>
      )}
      {!plan.allowed &&
        plan.reasons.map((reason) => (
          <p key={`${reason.code} ${reason.message}`} data-reason={reason.code} className="cs-field__error">
            {reason.message}
          </p>
        ))}
    </>
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
