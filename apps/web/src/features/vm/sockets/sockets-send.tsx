import { useQuery } from '@tanstack/react-query'
import { hasLiveMachine, type ResizeMode } from '@coreshift/shared'
import type { Operation, SocketsOption } from '@coreshift/shared/contract'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { useHttp } from '../../../data/services.tsx'
import { settingsQuery } from '../../../data/settings-query.ts'
import { CommandFailure } from '../../../domain/query-failure.tsx'
import { resize } from '../../../strings/resize.ts'
import { Notice } from '../../../ui/notice.tsx'
import { UnsavedGuard } from '../../../ui/unsaved-guard.tsx'
import type { SteadyVm } from '../steady-vm.ts'
import { Acknowledgement, useAcknowledgement } from './acknowledgement.tsx'
import { ModeChoice } from './mode-choice.tsx'
import { PlanPreview } from './plan-preview.tsx'
import { PolicyChoice } from './policy-choice.tsx'
import { defaultPolicy, modesFor, requestOf, type SocketsDraft } from './sockets-draft.ts'
import { usePlannedResize } from './use-planned-resize.ts'

interface SocketsSendProps {
  /** The field belongs to the form too: enter sends. */
  readonly id: string
  readonly vm: SteadyVm
  readonly draft: SocketsDraft
  /** The chosen value; absent while it is none, or would change nothing. */
  readonly target: { readonly option: SocketsOption; readonly isAllowed: boolean } | undefined
  /** Whether a person has chosen the value; a machine with half a socket has one to begin with. */
  readonly isTouched: boolean
  readonly replaces: Operation | undefined
  readonly onChange: (part: Partial<SocketsDraft>) => void
  readonly onReset: () => void
  readonly onSent: () => void
}

/** When and how, what will happen then, and the button. */
export function SocketsSend({
  id,
  vm,
  draft,
  target,
  isTouched,
  replaces,
  onChange,
  onReset,
  onSent,
}: SocketsSendProps) {
  const settings = useQuery(settingsQuery(useHttp())).data
  const sockets = target?.option.sockets
  const isPossible = target?.isAllowed === true
  const planned = usePlannedResize({
    vm,
    request: requestOf(draft, sockets ?? 1, replaces),
    enabled: isPossible,
    onSent,
  })
  const plan = isPossible ? planned.plan.data : undefined
  const acknowledgement = useAcknowledgement(plan?.acknowledge, `${sockets} ${draft.mode}`)
  const maySend = plan?.allowed === true && acknowledgement.isGiven && !planned.isSending
  const change = (part: Partial<SocketsDraft>) => {
    planned.forget()
    onChange(part)
  }
  const modes = modesFor(vm)
  const removesLive = isPossible && draft.mode !== 'nextBoot' && target.option.vcpus < vm.hypervisor
  return (
    <form
      id={id}
      className="cs-editor__send"
      onSubmit={(event) => {
        event.preventDefault()
        if (maySend) planned.send(acknowledgement.codes)
      }}
    >
      {replaces && <Notice tone="info" title={resize.replaces} />}
      {modes.length > 1 && (
        <ModeChoice modes={modes} mode={draft.mode} onChange={(mode: ResizeMode) => change({ mode })} />
      )}
      {removesLive && hasLiveMachine(vm.status) && (
        <PolicyChoice
          policy={draft.policy}
          byDefault={defaultPolicy(settings, vm)}
          policies={settings?.policies}
          onChange={(policy) => change({ policy })}
        />
      )}
      {isPossible && (
        <PlanPreview
          plan={plan}
          error={planned.plan.error}
          changed={planned.changed}
          onRetry={() => void planned.plan.refetch()}
        />
      )}
      {plan?.allowed && <Acknowledgement {...acknowledgement} reasons={plan.reasons} />}
      {planned.error && <CommandFailure error={planned.error} />}
      <div className="cs-editor__buttons">
        {sockets === undefined ? (
          <p className="cs-quiet">{resize.nothingToDo}</p>
        ) : (
          <>
            <Button type="submit" isDisabled={!maySend}>
              {planned.isSending ? resize.sending : resize.resizeTo(sockets)}
            </Button>
            <Button variant="link" onClick={onReset}>
              {resize.reset}
            </Button>
          </>
        )}
      </div>
      <UnsavedGuard
        when={isTouched && sockets !== undefined && !planned.isSending}
        what={resize.unsentSockets(sockets ?? 0)}
      />
    </form>
  )
}
