import { useId, useState } from 'react'
import { formatVcpuRanges } from '@coreshift/shared'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { CommandFailure } from '../../../domain/query-failure.tsx'
import { resize } from '../../../strings/resize.ts'
import { Field } from '../../../ui/field.tsx'
import { UnsavedGuard } from '../../../ui/unsaved-guard.tsx'
import { Acknowledgement, useAcknowledgement } from '../sockets/acknowledgement.tsx'
import { PlanPreview } from '../sockets/plan-preview.tsx'
import { usePlannedResize } from '../sockets/use-planned-resize.ts'
import type { SteadyVm } from '../steady-vm.ts'
import { readVcpuIds } from './removal-choice.ts'
import './removal-panel.css'

interface RemovalPanelProps {
  readonly vm: SteadyVm
  readonly ids: readonly number[]
  readonly onChoose: (ids: readonly number[]) => void
  readonly onEnd: () => void
}

/** The chosen vCPUs as text that can be edited, what their removal would do, and the button. */
export function RemovalPanel({ vm, ids, onChoose, onEnd }: RemovalPanelProps) {
  const headId = useId()
  const hasChosen = ids.length > 0
  const planned = usePlannedResize({
    vm,
    request: { removeVcpus: [...ids], mode: 'live' },
    enabled: hasChosen,
    onSent: onEnd,
  })
  const plan = hasChosen ? planned.plan.data : undefined
  const acknowledgement = useAcknowledgement(plan?.acknowledge)
  return (
    <section className="cs-removal" aria-labelledby={headId}>
      <h3 id={headId} className="cs-removal__head">
        {resize.chooseToRemove}
      </h3>
      <p className="cs-quiet">{resize.chooseVcpus}</p>
      <WrittenChoice vm={vm} ids={ids} onChoose={onChoose} />
      {hasChosen && (
        <PlanPreview
          plan={plan}
          error={planned.plan.error}
          changed={planned.changed}
          onRetry={() => void planned.plan.refetch()}
        />
      )}
      {plan?.allowed && <Acknowledgement {...acknowledgement} reasons={plan.reasons} />}
      {planned.error && <CommandFailure error={planned.error} />}
      <div className="cs-buttons">
        {hasChosen && (
          <Button
            onClick={() => planned.send(acknowledgement.codes)}
            isDisabled={plan?.allowed !== true || !acknowledgement.isGiven || planned.isSending}
          >
            {planned.isSending ? resize.sending : resize.removeChosen(formatVcpuRanges(ids))}
          </Button>
        )}
        <Button variant="link" onClick={onEnd}>
          {resize.chooseNothing}
        </Button>
      </div>
      <UnsavedGuard when={hasChosen && !planned.isSending} what={resize.unsentRemoval} />
    </section>
  )
}

interface WrittenChoiceProps {
  readonly vm: SteadyVm
  readonly ids: readonly number[]
  readonly onChoose: (ids: readonly number[]) => void
}

/** The choice in words: for many vCPUs at once, and for whoever does not point. */
function WrittenChoice({ vm, ids, onChoose }: WrittenChoiceProps) {
  // What a person writes stands until it is read well and the picture shows it.
  const [text, setText] = useState<string>()
  const written = text === undefined ? undefined : readVcpuIds(vm, text)
  return (
    <div className="cs-removal__ids">
      <Field
        label={resize.chosenVcpus}
        value={text ?? formatVcpuRanges(ids)}
        onChange={(next) => {
          setText(next)
          const read = readVcpuIds(vm, next)
          if (read.kind === 'ids') onChoose(read.ids)
        }}
        onLeave={() => setText(undefined)}
        hint={resize.chosenHint}
        error={
          written?.kind === 'not-ids'
            ? resize.notVcpuIds(vm.vcpus.length - 1)
            : written?.kind === 'not-removable'
              ? resize.notRemovable(written.ids)
              : undefined
        }
      />
    </div>
  )
}
