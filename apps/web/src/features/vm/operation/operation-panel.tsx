import { Link } from '@tanstack/react-router'
import { memo, useEffect, useRef } from 'react'
import { formatDuration } from '@coreshift/shared'
import type { Operation } from '@coreshift/shared/contract'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { NextStepWords } from '../../../domain/next-step-words.tsx'
import { OperationButtons } from '../../../domain/operation-buttons.tsx'
import {
  actionsFor,
  nextStep,
  operationUnits,
  type NextStep,
  type OperationUnit,
} from '../../../domain/operation-view.ts'
import { useMayOperate } from '../../../domain/use-role.ts'
import { VcpuSign } from '../../../domain/vcpu-sign.tsx'
import { audit } from '../../../strings/audit.ts'
import { resize } from '../../../strings/resize.ts'
import { vcpus } from '../../../strings/vcpus.ts'
import { useAnnounce } from '../../../ui/announcer.tsx'
import { Elapsed } from '../../../ui/elapsed.tsx'
import { useTimeWords } from '../../../ui/instant.tsx'
import { formatCount } from '../../../ui/number-words.ts'
import './operation-panel.css'

/** More lines than this are cut; the picture and the timeline show the rest. */
const UNIT_LINES_MAX = 64

interface OperationPanelProps {
  readonly operation: Operation
  readonly vcpusPerUnit: number
  readonly isReplacing: boolean
  /** A person wants another target; with a number where they said which. */
  readonly onReplace: (sockets: number | undefined) => void
  readonly onKeep: () => void
}

/** The resize that is under way: what is waited for, since when, what happens next, and what one can do. */
export function OperationPanel({
  operation,
  vcpusPerUnit,
  isReplacing,
  onReplace,
  onKeep,
}: OperationPanelProps) {
  const { clockTime } = useTimeWords()
  const units = operationUnits(operation, vcpusPerUnit)
  const step = nextStep(operation)
  const mayOperate = useMayOperate()
  const { changeTarget, putBackTo } = actionsFor(operation)
  useUnitAnnouncements(units)
  return (
    <div
      className={operation.overdue ? 'cs-operation cs-operation--overdue' : 'cs-operation'}
      role="group"
      aria-label={resize.operation}
      data-operation={operation.id}
      data-operation-state={operation.state}
    >
      <p className="cs-operation__head">
        <b>{resize.fromTo(formatCount(operation.from.sockets), formatCount(operation.to.sockets))}</b>{' '}
        <span className="cs-operation__state">{resize.states[operation.state]}</span>{' '}
        <span className="cs-quiet">
          {resize.requestedBy(audit.actor(operation.requestedBy), clockTime(operation.createdAt))}
        </span>
      </p>
      <p>{operation.sentence}</p>
      <ul className="cs-units">
        {units.slice(0, UNIT_LINES_MAX).map((unit) => (
          <UnitLine
            key={unit.key}
            ids={unit.ids}
            state={unit.state}
            since={unit.since}
            attempts={unit.attempts}
            error={unit.error}
            settled={unit.settled}
            tookMs={unit.tookMs}
          />
        ))}
      </ul>
      {units.length > UNIT_LINES_MAX && (
        <p className="cs-quiet">{resize.moreUnits(units.length - UNIT_LINES_MAX)}</p>
      )}
      {step && <NextStepLine step={step} askedAt={operation.acceptedAt} />}
      {operation.error && <p className="cs-field__error">{operation.error}</p>}
      <OperationButtons
        operation={operation}
        more={
          <Link to="/resizes/$id" params={{ id: operation.id }}>
            {resize.actions.timeline}
          </Link>
        }
      >
        {mayOperate && changeTarget && (
          <Button
            variant="secondary"
            size="sm"
            onClick={() => (isReplacing ? onKeep() : onReplace(undefined))}
            aria-expanded={isReplacing}
          >
            {isReplacing ? resize.actions.keepTarget : resize.actions.changeTarget}
          </Button>
        )}
        {mayOperate && putBackTo !== undefined && !isReplacing && (
          <Button variant="secondary" size="sm" onClick={() => onReplace(putBackTo)}>
            {resize.actions.putBack(putBackTo)}
          </Button>
        )}
      </OperationButtons>
    </div>
  )
}

/** Takes plain values, so that a line renders only when its own unit moves. */
const UnitLine = memo(function UnitLine({
  ids,
  state,
  since,
  attempts,
  error,
  settled,
  tookMs,
}: Omit<OperationUnit, 'key'>) {
  return (
    <li className="cs-unit" data-unit={ids} data-state={state}>
      <VcpuSign state={state} />
      <span>{vcpus.range(ids)}</span>
      <span className="cs-unit__state">{vcpus.states[state]}</span>
      <span className="cs-unit__clock cs-figures">
        {settled && tookMs !== undefined ? resize.took(formatDuration(tookMs)) : <Elapsed since={since} />}
      </span>
      <span className="cs-unit__note cs-quiet">
        {attempts > 1 && resize.asked(attempts)}
        {error && <span className="cs-unit__error"> {error}</span>}
      </span>
    </li>
  )
})

function NextStepLine({ step, askedAt }: { step: NextStep; askedAt: string | undefined }) {
  const { clockTime } = useTimeWords()
  const isTimed = 'at' in step
  return (
    <p className="cs-operation__next">
      {isTimed && askedAt && <span className="cs-quiet">{resize.firstAsked(clockTime(askedAt))} </span>}
      <NextStepWords step={step} />
    </p>
  )
}

/** Says each unit's new state once, when it changes. */
function useUnitAnnouncements(units: readonly OperationUnit[]): void {
  const announce = useAnnounce()
  const known = useRef(new Map<number, string>())
  useEffect(() => {
    const news: string[] = []
    for (const unit of units) {
      const before = known.current.get(unit.key)
      known.current.set(unit.key, unit.state)
      if (before !== undefined && before !== unit.state) {
        news.push(resize.announce(vcpus.range(unit.ids), vcpus.states[unit.state]))
      }
    }
    if (news.length > 0) announce(news.join('. '))
  }, [units, announce])
}
