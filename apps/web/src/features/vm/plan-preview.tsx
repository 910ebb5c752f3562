import { formatVcpuRanges } from '@coreshift/shared'
import type { ResizePlan } from '@coreshift/shared/contract'
import { CommandFailure } from '../../domain/query-failure.tsx'
import { resize } from '../../strings/resize.ts'
import { formatCount } from '../../ui/number-words.ts'

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
  const steps = [...plan.now, ...plan.afterRestart]
  return (
    <>
      <p className="cs-plan__head">
        <b>{resize.fromTo(formatCount(plan.from.sockets), formatCount(plan.to.sockets))}</b>
        {plan.now.length === 0 &&
          plan.removeVcpus.length > 0 &&
          ` ${resize.removesNow(formatVcpuRanges(plan.removeVcpus))}`}
        {plan.now.length === 0 &&
          plan.addVcpus.length > 0 &&
          ` ${resize.addsNow(formatVcpuRanges(plan.addVcpus))}`}
      </p>
      {steps.length > 0 && (
        <ul className="cs-plan__steps">
          {steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ul>
      )}
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
