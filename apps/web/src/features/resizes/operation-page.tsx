import { getRouteApi, Link } from '@tanstack/react-router'
import { formatDuration, formatVcpuRanges } from '@coreshift/shared'
import type { Operation } from '@coreshift/shared/contract'
import { nextStep } from '../../domain/operation-view.ts'
import { NextStepWords } from '../../domain/next-step-words.tsx'
import { QueryFailure } from '../../domain/query-failure.tsx'
import { VcpuSign } from '../../domain/vcpu-sign.tsx'
import { audit } from '../../strings/audit.ts'
import { failures } from '../../strings/failures.ts'
import { product } from '../../strings/product.ts'
import { resize } from '../../strings/resize.ts'
import { resizes } from '../../strings/resizes.ts'
import { vcpus } from '../../strings/vcpus.ts'
import { vmPage } from '../../strings/vm.ts'
import { CardBox } from '../../ui/card-box.tsx'
import { LoadingWords } from '../../ui/loading-words.tsx'
import { formatCount } from '../../ui/number-words.ts'
import { usePageTitle } from '../../ui/page-title.ts'
import { calendarDay, clockTime, clockTimeWithMs, wholeInstant } from '../../ui/time-words.ts'
import { withDistances } from './board-view.ts'
import { useOperation } from '../../domain/use-operation.ts'
import './resizes.css'

const route = getRouteApi('/inside/resizes/$id')

/** One resize from the first request to the last word: the flight recorder. */
export function OperationPage() {
  const { id } = route.useParams()
  const { operation, error, refetch } = useOperation(id)
  usePageTitle(operation?.vmName ?? resizes.title)
  if (!operation) {
    return error ? (
      <QueryFailure error={error} onRetry={() => void refetch()} />
    ) : (
      <>
        <h1 className="cs-title">{resizes.title}</h1>
        <LoadingWords words={failures.loading(resizes.one.what)} />
      </>
    )
  }
  return <Recorder operation={operation} />
}

function Recorder({ operation }: { operation: Operation }) {
  const t = resizes.one
  const step = nextStep(operation)
  return (
    <div className="cs-board" data-operation={operation.id} data-operation-state={operation.state}>
      <nav aria-label={vmPage.breadcrumb} className="cs-crumbs">
        <ol>
          <li>
            <Link to="/resizes">{product.places.resizes}</Link>
          </li>
          <li>
            <Link to="/vms/$uuid" params={{ uuid: operation.vm }}>
              {operation.vmName}
            </Link>
          </li>
        </ol>
      </nav>
      <h1 className="cs-title">
        {t.heading(operation.vmName, formatCount(operation.from.sockets), formatCount(operation.to.sockets))}
      </h1>
      <p>{operation.sentence}</p>
      {step && (
        <p className="cs-quiet">
          <NextStepWords step={step} />
        </p>
      )}
      <div className="cs-recorder">
        <CardBox
          title={t.steps}
          aside={
            <a
              href={`/api/v1/resizes/${operation.id}`}
              download={`resize-${operation.vmName}-${operation.id}.json`}
            >
              {t.export}
            </a>
          }
        >
          <Steps steps={operation.timeline} />
        </CardBox>
        <CardBox title={t.facts}>
          <Facts operation={operation} />
        </CardBox>
        <CardBox title={t.vcpus}>
          <ul className="cs-units">
            {operation.vcpus.map((vcpu) => (
              <li key={vcpu.id} className="cs-mark-word">
                <VcpuSign state={vcpu.state} /> {vcpus.one(vcpu.id)}, {vcpus.states[vcpu.state]}
                <span className="cs-quiet">
                  <time dateTime={vcpu.since} title={wholeInstant(vcpu.since)} className="cs-figures">
                    {clockTimeWithMs(vcpu.since)}
                  </time>
                  {vcpu.attempts > 1 && ` · ${t.attempts(vcpu.attempts)}`}
                </span>
                {vcpu.error && <span className="cs-field__error">{vcpu.error}</span>}
              </li>
            ))}
          </ul>
        </CardBox>
      </div>
    </div>
  )
}

function Steps({ steps }: { steps: Operation['timeline'] }) {
  const t = resizes.one
  if (steps.length === 0) return <p className="cs-quiet">{t.noSteps}</p>
  return (
    <ol className="cs-steps">
      {withDistances(steps).map(({ step, sinceMs }, index) => (
        // Steps are only ever appended, so that the place is a name.
        <li key={index} className="cs-step" data-step={step.what}>
          <time dateTime={step.at} title={wholeInstant(step.at)} className="cs-figures">
            {clockTimeWithMs(step.at)}
          </time>
          <span className="cs-step__distance cs-quiet cs-figures">
            {sinceMs === undefined ? '' : t.later(sinceMs < 1000 ? `${sinceMs} ms` : formatDuration(sinceMs))}
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
  )
}

function Facts({ operation }: { operation: Operation }) {
  const t = resizes.one
  const { policy } = operation
  const day = calendarDay(operation.createdAt)
  return (
    <dl className="cs-pairs">
      <dt>{t.state}</dt>
      <dd>{resize.states[operation.state]}</dd>
      <dt>{t.by}</dt>
      <dd>{audit.actor(operation.requestedBy)}</dd>
      <dt>{t.created}</dt>
      <dd>
        {day}, {clockTime(operation.createdAt)}
      </dd>
      {operation.acceptedAt && (
        <>
          <dt>{t.accepted}</dt>
          <dd>{clockTimeWithMs(operation.acceptedAt)}</dd>
        </>
      )}
      {operation.finishedAt && (
        <>
          <dt>{t.finished}</dt>
          <dd>{clockTimeWithMs(operation.finishedAt)}</dd>
        </>
      )}
      <dt>{t.mode}</dt>
      <dd>{resize.modes[operation.mode].label}</dd>
      <dt>{t.policy}</dt>
      <dd>
        {t.policyWords(formatDuration(policy.deadlineMs), policy.attempts)}, {t.endings[policy.ending]}
      </dd>
      {operation.replaces && (
        <>
          <dt>{t.replaces}</dt>
          <dd>
            <Link to="/resizes/$id" params={{ id: operation.replaces }}>
              {operation.replaces}
            </Link>
          </dd>
        </>
      )}
      {operation.acknowledged && operation.acknowledged.length > 0 && (
        <>
          <dt>{t.acknowledged}</dt>
          <dd>{operation.acknowledged.join(', ')}</dd>
        </>
      )}
    </dl>
  )
}
