import { Link } from '@tanstack/react-router'
import { formatDuration } from '@coreshift/shared'
import type { Operation } from '@coreshift/shared/contract'
import { isPartial } from '../../domain/operation-view.ts'
import { audit } from '../../strings/audit.ts'
import { resize } from '../../strings/resize.ts'
import { resizes } from '../../strings/resizes.ts'
import { Instant } from '../../ui/instant.tsx'

/** What was asked for, by whom, and the moments that count. */
export function OperationFacts({ operation }: { operation: Operation }) {
  const t = resizes.one
  const { policy } = operation
  return (
    <dl className="cs-pairs">
      <dt>{t.state}</dt>
      <dd>{isPartial(operation) ? resize.partial : resize.states[operation.state]}</dd>
      <dt>{t.by}</dt>
      <dd>{audit.actor(operation.requestedBy)}</dd>
      <dt>{t.created}</dt>
      <dd>
        <Instant at={operation.createdAt} form="day" />, <Instant at={operation.createdAt} form="clock" />
      </dd>
      {operation.acceptedAt && (
        <>
          <dt>{t.accepted}</dt>
          <dd>
            <Instant at={operation.acceptedAt} form="clock-ms" />
          </dd>
        </>
      )}
      {operation.finishedAt && (
        <>
          <dt>{t.finished}</dt>
          <dd>
            <Instant at={operation.finishedAt} form="clock-ms" />
          </dd>
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
      {operation.replacedBy && (
        <>
          <dt>{t.replacedBy}</dt>
          <dd>
            <Link to="/resizes/$id" params={{ id: operation.replacedBy }}>
              {operation.replacedBy}
            </Link>
          </dd>
        </>
      )}
      {operation.changeOfMind?.sentences.map((sentence) => (
        <dd key={sentence}>{sentence}</dd>
      ))}
      {operation.acknowledged && operation.acknowledged.length > 0 && (
        <>
          <dt>{t.acknowledged}</dt>
          <dd>{operation.acknowledged.join(', ')}</dd>
        </>
      )}
    </dl>
  )
}
