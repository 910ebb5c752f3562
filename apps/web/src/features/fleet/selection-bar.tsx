import { lazy, Suspense, useState } from 'react'
import type { PowerAction, VmSummary } from '@coreshift/shared/contract'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { bulk } from '../../strings/bulk.ts'
import { CopyButton } from '../../ui/copy-button.tsx'

/** Machines that one command reaches at most: more is no longer a list that a person has read. */
const BULK_MAX = 200

// A visit that only looks does not pay for them.
const BulkResizeDialog = lazy(() => import('./bulk/bulk-resize-dialog.tsx'))
const BulkPowerDialog = lazy(() => import('./bulk/bulk-power-dialog.tsx'))
const BulkPowerMenu = lazy(() => import('./bulk/bulk-power-menu.tsx'))

type Task = { readonly kind: 'resize' } | { readonly kind: 'power'; readonly action: PowerAction }

interface SelectionBarProps {
  /** The chosen machines as they are now. */
  readonly vms: readonly VmSummary[]
  /** How many of them the list does not show. */
  readonly hidden: number
  readonly onClear: () => void
}

/** What can be done with several machines. It stands below the list, so that no row moves under the pointer. */
export function SelectionBar({ vms, hidden, onClear }: SelectionBarProps) {
  const [task, setTask] = useState<Task>()
  const tooMany = vms.length > BULK_MAX
  const close = () => setTask(undefined)
  return (
    <section className="cs-selection" aria-label={bulk.title}>
      <p role="status" className="cs-selection__count">
        <b>{bulk.selected(vms.length)}</b> {hidden > 0 && bulk.hidden(hidden)}
        {tooMany && ` ${bulk.tooMany(BULK_MAX)}`}
      </p>
      <div className="cs-buttons">
        <Button size="sm" isDisabled={tooMany} onClick={() => setTask({ kind: 'resize' })}>
          {bulk.resize}
        </Button>
        <Suspense>
          {!tooMany && <BulkPowerMenu vms={vms} onChoose={(action) => setTask({ kind: 'power', action })} />}
        </Suspense>
        <CopyButton label={bulk.copyNames} text={() => vms.map((vm) => vm.name).join('\n')} />
        <Button variant="link" isInline onClick={onClear}>
          {bulk.clear}
        </Button>
      </div>
      <Suspense>
        {task?.kind === 'resize' && <BulkResizeDialog vms={vms} onClose={close} />}
        {task?.kind === 'power' && <BulkPowerDialog vms={vms} action={task.action} onClose={close} />}
      </Suspense>
    </section>
  )
}
