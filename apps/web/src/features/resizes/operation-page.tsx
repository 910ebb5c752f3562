import { getRouteApi, Link } from '@tanstack/react-router'
import { isOpen } from '@coreshift/shared'
import type { Operation } from '@coreshift/shared/contract'
import { OperationButtons } from '../../domain/operation-buttons.tsx'
import { nextStep } from '../../domain/operation-view.ts'
import { NextStepWords } from '../../domain/next-step-words.tsx'
import { QueryFailure } from '../../domain/query-failure.tsx'
import { useOperation } from '../../domain/use-operation.ts'
import { VcpuSign } from '../../domain/vcpu-sign.tsx'
import { failures } from '../../strings/failures.ts'
import { product } from '../../strings/product.ts'
import { resizes } from '../../strings/resizes.ts'
import { vcpus } from '../../strings/vcpus.ts'
import { vmPage } from '../../strings/vm.ts'
import { CardBox } from '../../ui/card-box.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Instant } from '../../ui/instant.tsx'
import { LoadingWords } from '../../ui/loading-words.tsx'
import { formatCount } from '../../ui/number-words.ts'
import { PageFrame } from '../../ui/page-frame.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { OperationFacts } from './operation-facts.tsx'
import { StepList } from './step-list.tsx'
import { vcpuGroups } from './vcpu-groups.ts'
import './resizes.css'

const route = getRouteApi('/inside/resizes/$id')

/** One resize from the first request to the last word: the flight recorder. */
export function OperationPage() {
  const { id } = route.useParams()
  const { operation, error, refetch } = useOperation(id)
  if (!operation) {
    return (
      <PageFrame title={resizes.title}>
        {error ? (
          <QueryFailure error={error} onRetry={() => void refetch()} />
        ) : (
          <LoadingWords words={failures.loading(resizes.one.what)} />
        )}
      </PageFrame>
    )
  }
  return <Recorder operation={operation} />
}

function Recorder({ operation }: { operation: Operation }) {
  usePageTitle(operation.vmName)
  const t = resizes.one
  const step = nextStep(operation)
  return (
    <div
      className="cs-page cs-page--wide"
      data-operation={operation.id}
      data-operation-state={operation.state}
    >
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
      {isOpen(operation.state) && (
        <OperationButtons
          operation={operation}
          more={
            <Link to="/vms/$uuid" params={{ uuid: operation.vm }}>
              {t.toMachine}
            </Link>
          }
        />
      )}
      <div className="cs-recorder">
        <CardBox
          title={t.steps}
          aside={
            <span className="cs-buttons">
              <CopyButton label={t.copyLink} text={() => location.href} />
              <a
                href={`/api/v1/resizes/${operation.id}`}
                download={`resize-${operation.vmName}-${operation.id}.json`}
              >
                {t.export}
              </a>
            </span>
          }
        >
          <StepList steps={operation.timeline} />
        </CardBox>
        <CardBox title={t.facts}>
          <OperationFacts operation={operation} />
        </CardBox>
        <CardBox title={t.vcpus}>
          <ul className="cs-moved">
            {vcpuGroups(operation.vcpus).map(({ ids, state, since, attempts, error }) => (
              <li key={ids} className="cs-moved__group">
                <VcpuSign state={state} />
                <span>
                  {vcpus.range(ids)}, {vcpus.states[state]}{' '}
                  <span className="cs-quiet">
                    <Instant at={since} form="clock-ms" />
                    {attempts > 1 && ` · ${t.attempts(attempts)}`}
                  </span>
                  {error && <span className="cs-field__error"> {error}</span>}
                </span>
              </li>
            ))}
          </ul>
        </CardBox>
      </div>
    </div>
  )
}
