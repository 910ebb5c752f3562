import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { PreparePlan } from '@coreshift/shared/contract'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { ApiProblem } from '../../../data/api-failure.ts'
import { prepareForLiveResize, preparePlanQuery } from '../../../data/prepare-queries.ts'
import { useHttp } from '../../../data/services.tsx'
import { vmAnswersKey } from '../../../data/vm-queries.ts'
import { CommandFailure } from '../../../domain/query-failure.tsx'
import { prepare as words } from '../../../strings/prepare.ts'
import { CardBox } from '../../../ui/card-box.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { UnsavedGuard } from '../../../ui/unsaved-guard.tsx'
import { useSettled } from '../../../ui/use-settled.ts'
import type { SteadyVm } from '../steady-vm.ts'
import { CeilingField, readCeiling } from './ceiling-field.tsx'
import { PrepareDone } from './prepare-done.tsx'
import { PreparePlanWords } from './prepare-plan-words.tsx'
import { UndoPreparation } from './undo-preparation.tsx'
import './prepare-panel.css'

/** A number that is still being typed is not worth a question to the server, ms. */
const TYPING_MS = 250

interface PreparePanelProps {
  readonly vm: SteadyVm
  readonly onEnd: () => void
}

/** Changes the stored definition so that the machine can be resized live later: plan first, then the button. */
export function PreparePanel({ vm, onEnd }: PreparePanelProps) {
  const http = useHttp()
  const queryClient = useQueryClient()
  const frame = useRef<HTMLDivElement>(null)
  const [room, setRoom] = useState<string>()
  const [undone, setUndone] = useState<PreparePlan['xml']>()
  const settled = useSettled(room, TYPING_MS)
  const ceiling = readCeiling(settled)
  const input = ceiling === undefined ? {} : { socketsMax: ceiling }
  const query = useQuery({ ...preparePlanQuery(http, vm.uuid, input), placeholderData: keepPreviousData })
  const plan = query.data
  const apply = useMutation({
    mutationFn: (seen: PreparePlan) => prepareForLiveResize(http, vm.uuid, { ...input, rev: seen.rev }),
    onSuccess: () => void queryClient.invalidateQueries({ queryKey: vmAnswersKey(vm.uuid) }),
    onError: () => void query.refetch(),
  })
  const isStale = apply.error instanceof ApiProblem && apply.error.problem.code === 'stale-revision'
  // It opens above what the person was looking at. In braces: newer browsers answer with a promise, which an effect must
  // not give back.
  useEffect(() => {
    frame.current?.scrollIntoView({ block: 'nearest' })
  }, [])

  if (apply.data || undone) {
    return (
      <PrepareDone
        uuid={vm.uuid}
        plan={apply.data}
        undone={undone}
        isRunning={vm.status !== 'down'}
        onEnd={onEnd}
      />
    )
  }
  // What is planned is what stands in the field.
  const isPlanned =
    room === settled && (room === undefined || ceiling !== undefined) && !query.isPlaceholderData
  const isReady = isPlanned && plan?.allowed === true && plan.changes.length > 0
  return (
    <div ref={frame}>
      <CardBox title={words.title} className="cs-prepare">
        <p className="cs-quiet">{words.intro}</p>
        {query.isError && <CommandFailure error={query.error} onRetry={() => void query.refetch()} />}
        {!plan && !query.isError && <p className="cs-quiet">{words.waiting}</p>}
        {plan && (
          <form
            className="cs-form"
            noValidate
            onSubmit={(event) => {
              event.preventDefault()
              if (isReady && !apply.isPending) apply.mutate(plan)
            }}
          >
            <CeilingField plan={plan} text={room} onChange={setRoom} />
            <PreparePlanWords plan={plan} />
            {isStale && <Notice tone="warning" live="alert" title={words.changed} />}
            {apply.isError && !isStale && <CommandFailure error={apply.error} />}
            <div className="cs-buttons">
              {plan.changes.length > 0 && (
                <Button type="submit" isDisabled={!isReady || apply.isPending}>
                  {apply.isPending ? words.applying : words.apply[plan.takesEffect]}
                </Button>
              )}
              <Button variant="link" onClick={onEnd}>
                {words.cancel}
              </Button>
            </div>
          </form>
        )}
        {plan?.undo && <UndoPreparation uuid={vm.uuid} onUndone={setUndone} />}
        <UnsavedGuard when={room !== undefined && !apply.isPending} what={words.unsaved} />
      </CardBox>
    </div>
  )
}
