import { useState } from 'react'
import { formatDuration, formatVcpuRanges } from '@coreshift/shared'
import type { Operation } from '@coreshift/shared/contract'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { resizes } from '../../strings/resizes.ts'
import { vcpus } from '../../strings/vcpus.ts'
import { Instant } from '../../ui/instant.tsx'
import { withDistances } from './board-view.ts'

/** A resize of thousands of vCPUs has thousands of steps; so many are shown before one asks for all. */
const STEPS_AT_ONCE_MAX = 250

/** Every step with its moment and how long after the one before it came; libvirt's own words folded under ours. */
export function StepList({ steps }: { steps: Operation['timeline'] }) {
  const [all, setAll] = useState(false)
  const t = resizes.one
  if (steps.length === 0) return <p className="cs-quiet">{t.noSteps}</p>
  const hidden = all ? 0 : Math.max(0, steps.length - STEPS_AT_ONCE_MAX)
  return (
    <>
      {hidden > 0 && (
        <p>
          <Button variant="link" isInline onClick={() => setAll(true)}>
            {t.showEarlier(hidden)}
          </Button>
        </p>
      )}
      <ol className="cs-steps" start={hidden + 1}>
        {withDistances(steps)
          .slice(hidden)
          .map(({ step, sinceMs }, index) => (
            // Steps are only ever appended, so that the place is a name.
            <li key={hidden + index} className="cs-step" data-step={step.what}>
              <Instant at={step.at} form="clock-ms" />
              <span className="cs-step__distance cs-quiet cs-figures">
                {sinceMs === undefined
                  ? ''
                  : t.later(sinceMs < 1000 ? `${sinceMs} ms` : formatDuration(sinceMs))}
              </span>
              <span>
                {step.text}
                {step.vcpus && step.vcpus.length > 0 && (
                  <span className="cs-quiet"> · {vcpus.range(formatVcpuRanges(step.vcpus))}</span>
                )}
                {step.detail && (
                  <details>
                    <summary>{t.libvirt}</summary>
                    <pre className="cs-detail">{step.detail}</pre>
                  </details>
                )}
              </span>
            </li>
          ))}
      </ol>
    </>
  )
}
