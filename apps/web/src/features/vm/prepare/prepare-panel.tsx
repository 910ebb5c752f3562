import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { PreparePlan, Vm } from '@coreshift/shared/contract'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { prepareForLiveResize, preparePlanQuery, undoPreparation } from '../../../data/prepare-queries.ts'
import { useHttp } from '../../../data/services.tsx'
import { CommandFailure } from '../../../domain/query-failure.tsx'
import { prepare as words } from '../../../strings/prepare.ts'
import { CardBox } from '../../../ui/card-box.tsx'
import { Field } from '../../../ui/field.tsx'
import { Notice } from '../../../ui/notice.tsx'
import './prepare-panel.css'

interface PreparePanelProps {
  readonly vm: Vm
  readonly onEnd: () => void
}

/** Changes the stored definition so that the machine can be resized live later: plan first, then the button. */
export function PreparePanel({ vm, onEnd }: PreparePanelProps) {
  const http = useHttp()
  const [room, setRoom] = useState('')
  const input = /^\d{1,5}$/.test(room) && Number(room) > 0 ? { socketsMax: Number(room) } : {}
  const query = useQuery({ ...preparePlanQuery(http, vm.uuid, input), placeholderData: keepPreviousData })
  const apply = useMutation({ mutationFn: () => prepareForLiveResize(http, vm.uuid, input) })
  const undo = useMutation({ mutationFn: () => undoPreparation(http, vm.uuid) })
  const plan = query.data

  if (apply.isSuccess || undo.isSuccess) {
    return (
      <CardBox title={words.title}>
        <Notice tone="success" live="status" title={undo.isSuccess ? words.undone : words.done}>
          {apply.data && words.takesEffect[apply.data.takesEffect]}
        </Notice>
        <Button variant="link" onClick={onEnd}>
          {words.close}
        </Button>
      </CardBox>
    )
  }
  return (
    <CardBox title={words.title}>
      <form
        className="cs-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          apply.mutate()
        }}
      >
        {query.isError && <CommandFailure error={query.error} onRetry={() => void query.refetch()} />}
        {!plan && !query.isError && <p className="cs-quiet">{words.waiting}</p>}
        {plan && (
          <>
            <div className="cs-prepare__room">
              <Field
                label={words.room}
                type="number"
                value={room === '' ? String(plan.proposal.socketsMax) : room}
                onChange={setRoom}
                hint={words.roomHint(plan.proposal.socketsMax, plan.proposal.why)}
              />
            </div>
            <PlanWords plan={plan} />
          </>
        )}
        {apply.isError && <CommandFailure error={apply.error} />}
        {undo.isError && <CommandFailure error={undo.error} />}
        <div className="cs-buttons">
          {plan && plan.changes.length > 0 && (
            <Button type="submit" isDisabled={!plan.allowed || apply.isPending || query.isPlaceholderData}>
              {apply.isPending ? words.applying : words.apply}
            </Button>
          )}
          {plan?.undo && (
            <Button variant="secondary" onClick={() => undo.mutate()} isDisabled={undo.isPending}>
              {words.undo}
            </Button>
          )}
          <Button variant="link" onClick={onEnd}>
            {words.cancel}
          </Button>
        </div>
      </form>
    </CardBox>
  )
}

function PlanWords({ plan }: { plan: PreparePlan }) {
  return (
    <>
      {plan.reasons.map((reason) => (
        <p key={`${reason.code} ${reason.message}`} className="cs-field__error" data-reason={reason.code}>
          {reason.message}
        </p>
      ))}
      {plan.changes.length === 0 ? (
        <p>{words.nothing}</p>
      ) : (
        <div className="cs-plan">
          <ul>
            {plan.changes.map((change) => (
              <li key={change}>{change}</li>
            ))}
          </ul>
          {plan.liveRange && <p>{words.liveRange(plan.liveRange.min, plan.liveRange.max)}</p>}
          <p className="cs-quiet">{words.takesEffect[plan.takesEffect]}</p>
        </div>
      )}
      {plan.warnings.map((warning) => (
        <Notice key={`${warning.code} ${warning.message}`} tone="warning" title={warning.message} />
      ))}
      {plan.xml.length > 0 && (
        <details>
          <summary>{words.definition}</summary>
          <pre className="cs-detail cs-difference">
            {plan.xml.map((line, index) => (
              // The lines are replaced as a whole, so that the place is a name.
              <span key={index} className={`cs-difference__${line.kind}`}>
                {line.kind === 'gap' ? words.unchanged(line.text) : `${SIGNS[line.kind]} ${line.text}`}
                {'\n'}
              </span>
            ))}
          </pre>
        </details>
      )}
    </>
  )
}

const SIGNS = { same: ' ', added: '+', removed: '-' }
