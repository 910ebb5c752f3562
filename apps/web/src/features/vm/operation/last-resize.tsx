import { Link } from '@tanstack/react-router'
import type { Operation } from '@coreshift/shared/contract'
import { resize } from '../../../strings/resize.ts'
import { Instant } from '../../../ui/instant.tsx'
import './last-resize.css'

/** How the latest resize ended, in one sentence. */
export function LastResize({ operation }: { operation: Operation }) {
  const at = operation.finishedAt ?? operation.createdAt
  return (
    <p className={`cs-last cs-last--${operation.state}`}>
      <span className="cs-quiet">{resize.lastResize} </span>
      <Instant at={at} form="clock" />{' '}
      <span data-operation-state={operation.state}>{operation.sentence}</span>{' '}
      <Link to="/resizes/$id" params={{ id: operation.id }}>
        {resize.actions.timeline}
      </Link>
    </p>
  )
}
