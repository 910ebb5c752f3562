import { useQuery } from '@tanstack/react-query'
import { useId, useState, type ReactNode } from 'react'
import type { Unlock } from '@coreshift/shared'
import type { Operation } from '@coreshift/shared/contract'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { failureWords } from '../../../data/failure-words.ts'
import { useHttp } from '../../../data/services.tsx'
import { socketsOptionsQuery } from '../../../data/vm-queries.ts'
import { useMayOperate } from '../../../domain/use-role.ts'
import { failures } from '../../../strings/failures.ts'
import { resize } from '../../../strings/resize.ts'
import { Notice } from '../../../ui/notice.tsx'
import type { SteadyVm } from '../steady-vm.ts'
import {
  changesSomething,
  draftOf,
  readDraft,
  resizeFacts,
  wholeSockets,
  type SocketsDraft,
} from './sockets-draft.ts'
import { SocketsField } from './sockets-field.tsx'
import { SocketsReasons } from './sockets-reasons.tsx'
import { SocketsScale } from './sockets-scale-view.tsx'
import { groupReasons, verdictFor, withoutOpenResize } from './sockets-scale.ts'
import { SocketsSend } from './sockets-send.tsx'
import './sockets-editor.css'

interface SocketsEditorProps {
  readonly vm: SteadyVm
  /** The open resize that gives way to this one. */
  readonly replaces: Operation | undefined
  /** The number to begin with, where it is not what the machine has. */
  readonly begin?: number | undefined
  readonly onSent: () => void
  /** A person wants the stored definition changed so that more becomes possible. */
  readonly onPrepare: () => void
  /** Stands above the values, beside the choices. */
  readonly head?: ReactNode
}

/** Chooses a number of sockets; shows what is possible, what will happen, and only then the button. */
export function SocketsEditor({ vm, replaces, begin, onSent, onPrepare, head }: SocketsEditorProps) {
  const http = useHttp()
  const mayOperate = useMayOperate()
  const [edit, setEdit] = useState<Partial<SocketsDraft>>(begin === undefined ? {} : { text: String(begin) })
  const draft = draftOf(vm, edit)
  const formId = useId()
  const served = useQuery(socketsOptionsQuery(http, vm.uuid, resizeFacts(vm)))

  if (!served.data) {
    return (
      <>
        {head}
        {served.isError ? (
          <OptionsFailure error={served.error} onRetry={() => void served.refetch()} />
        ) : (
          <p className="cs-quiet">{failures.waitingForServer(resize.optionsWhat)}</p>
        )}
      </>
    )
  }

  const options = replaces ? withoutOpenResize(served.data.options) : served.data.options
  const maximum = Math.max(vm.socketsMax, options.length)
  const value = readDraft(draft.text, maximum)
  const sockets = value.kind === 'sockets' ? value.sockets : undefined
  const option = options.find((candidate) => candidate.sockets === sockets)
  const verdict = option && verdictFor(option, draft.mode)
  const changes = sockets !== undefined && changesSomething(vm, sockets, draft.mode, replaces)
  const change = (part: Partial<SocketsDraft>) => setEdit({ ...edit, ...part })
  const follow = (unlock: Unlock) => {
    if (unlock === 'use-next-boot') change({ mode: 'nextBoot' })
    if (unlock === 'use-live') change({ mode: 'live' })
    if (unlock === 'prepare-for-live-resize') onPrepare()
  }
  return (
    <div className="cs-editor">
      <div className="cs-editor__values">
        {head}
        <SocketsField
          vm={vm}
          formId={formId}
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
          <SocketsSend
            id={formId}
            vm={vm}
            draft={draft}
            target={changes && option ? { option, isAllowed: verdict?.allowed === true } : undefined}
            isTouched={edit.text !== undefined}
            replaces={replaces}
            onChange={change}
            onReset={() => setEdit({})}
            onSent={() => {
              setEdit({})
              onSent()
            }}
          />
        ) : (
          <p className="cs-quiet">{resize.viewerMayNot}</p>
        )}
      </div>
    </div>
  )
}

function OptionsFailure({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { title, text } = failureWords(error)
  return (
    <Notice
      tone="warning"
      title={`${resize.optionsFailed}: ${title}`}
      actions={
        <Button variant="link" isInline onClick={onRetry}>
          {failures.tryAgain}
        </Button>
      }
    >
      {text}
    </Notice>
  )
}
