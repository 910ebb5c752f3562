import { useMutation, useQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { hasLiveMachine, type ResizeMode, type Unlock } from '@coreshift/shared'
import type { Vm } from '@coreshift/shared/contract'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { useHttp } from '../../../data/services.tsx'
import { settingsQuery } from '../../../data/settings-query.ts'
import { requestResize, resizePlanQuery, socketsOptionsQuery } from '../../../data/vm-queries.ts'
import { useMayOperate } from '../../../domain/use-role.ts'
import { CommandFailure } from '../../../domain/query-failure.tsx'
import { failureWords } from '../../../data/failure-words.ts'
import { failures } from '../../../strings/failures.ts'
import { resize } from '../../../strings/resize.ts'
import { Notice } from '../../../ui/notice.tsx'
import { Acknowledgement } from './acknowledgement.tsx'
import { ModeChoice } from './mode-choice.tsx'
import { PlanPreview } from './plan-preview.tsx'
import { PolicyChoice } from './policy-choice.tsx'
import {
  changesSomething,
  freshDraft,
  modesFor,
  readDraft,
  requestOf,
  resizeFacts,
  wholeSockets,
} from './sockets-draft.ts'
import { SocketsField } from './sockets-field.tsx'
import { groupReasons, verdictFor, withoutOpenResize } from './sockets-scale.ts'
import { SocketsScale } from './sockets-scale-view.tsx'
import { SocketsReasons } from './sockets-reasons.tsx'
import './sockets-editor.css'

interface SocketsEditorProps {
  readonly vm: Vm
  /** Id of the open resize that this one replaces. */
  readonly replaces: string | undefined
  readonly onSent: () => void
  /** A person wants the stored definition changed so that more becomes possible. */
  readonly onPrepare: () => void
  /** Stands above the values, beside the choices. */
  readonly head?: ReactNode
}

/** Chooses a number of sockets; shows what is possible, what will happen, and only then the button. */
export function SocketsEditor({ vm, replaces, onSent, onPrepare, head }: SocketsEditorProps) {
  const http = useHttp()
  const mayOperate = useMayOperate()
  const settings = useQuery(settingsQuery(http)).data
  const [edit, setEdit] = useState<Partial<ReturnType<typeof freshDraft>>>({})
  const modes = modesFor(vm)
  const edited = { ...freshDraft(vm, settings?.defaultPolicy ?? 'interactive'), ...edit }
  // The machine may have been switched off or on since the mode was chosen.
  const draft = modes.includes(edited.mode) ? edited : { ...edited, mode: modes[0] ?? edited.mode }

  const facts = resizeFacts(vm)
  const optionsResult = useQuery(socketsOptionsQuery(http, vm.uuid, facts))
  const served = optionsResult.data?.options ?? []
  const options = replaces ? withoutOpenResize(served) : served
  const maximum = Math.max(vm.socketsMax, options.length)
  const value = readDraft(draft.text, maximum)
  const sockets = value.kind === 'sockets' ? value.sockets : undefined
  const option = options.find((candidate) => candidate.sockets === sockets)
  const verdict = option && verdictFor(option, draft.mode)
  const changes = sockets !== undefined && changesSomething(vm, sockets, draft.mode)
  const removesLive = option !== undefined && draft.mode !== 'nextBoot' && option.vcpus < vm.hypervisor

  const request = requestOf(draft, sockets ?? 1, replaces)
  const plan = useQuery({
    ...resizePlanQuery(http, vm.uuid, facts, request),
    enabled: mayOperate && changes && verdict?.allowed === true,
  })
  const command = useMutation({
    mutationFn: () => requestResize(http, vm.uuid, request),
    onSuccess: () => {
      setEdit({})
      onSent()
    },
  })

  const change = (part: typeof edit) => {
    command.reset()
    setEdit({ ...edit, ...part })
  }
  const follow = (unlock: Unlock) => {
    if (unlock === 'use-next-boot') change({ mode: 'nextBoot' })
    if (unlock === 'use-live') change({ mode: 'live' })
    if (unlock === 'prepare-for-live-resize') onPrepare()
  }
  const asksAcknowledgement = (verdict?.acknowledge?.length ?? 0) > 0
  const maySend =
    changes &&
    verdict?.allowed === true &&
    (!asksAcknowledgement || draft.acknowledged) &&
    (plan.data?.allowed === true || plan.isError)

  if (optionsResult.isError && !optionsResult.data) {
    const { title, text } = failureWords(optionsResult.error)
    return (
      <>
        {head}
        <Notice
          tone="warning"
          title={`${resize.optionsFailed}: ${title}`}
          actions={
            <Button variant="link" isInline onClick={() => void optionsResult.refetch()}>
              {failures.tryAgain}
            </Button>
          }
        >
          {text}
        </Notice>
      </>
    )
  }
  if (!optionsResult.data) {
    return (
      <>
        {head}
        <p className="cs-quiet">{failures.waitingForServer(resize.optionsWhat)}</p>
      </>
    )
  }
  return (
    <form
      className="cs-editor"
      onSubmit={(event) => {
        event.preventDefault()
        if (maySend && !command.isPending) command.mutate()
      }}
    >
      <div className="cs-editor__values">
        {head}
        {replaces && <Notice tone="info" title={resize.replaces} />}
        <SocketsField
          vm={vm}
          text={draft.text}
          maximum={maximum}
          value={value}
          onChange={(text) => change({ text })}
        />
        <SocketsScale
          options={options}
          mode={draft.mode}
          chosen={sockets}
          current={wholeSockets(vm)}
          onChoose={(chosen) => change({ text: String(chosen) })}
        />
        <SocketsReasons
          groups={groupReasons(options, draft.mode, wholeSockets(vm))}
          chosen={
            changes && verdict?.allowed === false
              ? { sockets: sockets ?? 0, reasons: verdict.reasons }
              : undefined
          }
          onUnlock={follow}
        />
        {mayOperate && vm.persistent && !vm.stale && (
          <p className="cs-quiet">
            {resize.moreRoom}{' '}
            <Button variant="link" isInline onClick={onPrepare}>
              {resize.unlocks['prepare-for-live-resize']}
            </Button>
          </p>
        )}
      </div>
      <div className="cs-editor__plan">
        {mayOperate ? (
          <>
            {modes.length > 1 && (
              <ModeChoice modes={modes} mode={draft.mode} onChange={(mode: ResizeMode) => change({ mode })} />
            )}
            {removesLive && verdict?.allowed && hasLiveMachine(vm.status) && (
              <PolicyChoice
                policy={draft.policy}
                policies={settings?.policies}
                onChange={(policy) => change({ policy })}
              />
            )}
            {changes && verdict?.allowed && (
              <PlanPreview plan={plan.data} error={plan.error} onRetry={() => void plan.refetch()} />
            )}
            {changes && asksAcknowledgement && (
              <Acknowledgement
                reason={verdict?.reasons.find((r) => r.code === 'unverified-guest-os')?.message}
                checked={draft.acknowledged}
                onChange={(acknowledged) => change({ acknowledged })}
              />
            )}
            {command.isError && <CommandFailure error={command.error} />}
            <div className="cs-editor__send">
              {sockets !== undefined && changes ? (
                <>
                  <Button type="submit" isDisabled={!maySend || command.isPending}>
                    {command.isPending ? resize.sending : resize.resizeTo(sockets)}
                  </Button>
                  <Button
                    variant="link"
                    onClick={() => change({ text: String(wholeSockets(vm)), acknowledged: false })}
                  >
                    {resize.reset}
                  </Button>
                </>
              ) : (
                <p className="cs-quiet">{resize.nothingToDo}</p>
              )}
            </div>
          </>
        ) : (
          <p className="cs-quiet">{resize.viewerMayNot}</p>
        )}
      </div>
    </form>
  )
}
