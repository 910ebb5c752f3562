import { isOpen } from '@coreshift/shared'
import type { Operation, Vm } from '@coreshift/shared/contract'
import { useState } from 'react'
import { resize } from '../../strings/resize.ts'
import { CardBox } from '../../ui/card-box.tsx'
import { LastResize } from './operation/last-resize.tsx'
import { OperationPanel } from './operation/operation-panel.tsx'
import { SocketsEditor } from './sockets/sockets-editor.tsx'
import { ThreeCounts } from './three-counts.tsx'

interface VcpusCardProps {
  readonly vm: Vm
  readonly operation: Operation | undefined
  readonly onPrepare: () => void
}

/** The heart of the page: the counts, and below them either the editor or the resize that is under way. */
export function VcpusCard({ vm, operation, onPrepare }: VcpusCardProps) {
  const open = operation && isOpen(operation.state) ? operation : undefined
  // Set while a person wants another target for the resize with this id; ends with that resize.
  const [replacing, setReplacing] = useState<string>()
  const isReplacing = open !== undefined && replacing === open.id
  return (
    <CardBox title={resize.region} className="cs-vm__vcpus">
      {open && <ThreeCounts vm={vm} operation={open} />}
      {open && (
        <OperationPanel
          operation={open}
          vcpusPerUnit={vm.vcpusPerUnit}
          isReplacing={isReplacing}
          onReplace={(wanted) => setReplacing(wanted ? open.id : undefined)}
        />
      )}
      {(!open || isReplacing) && (
        <SocketsEditor
          vm={vm}
          replaces={open?.id}
          onSent={() => setReplacing(undefined)}
          onPrepare={onPrepare}
          head={open ? undefined : <ThreeCounts vm={vm} operation={undefined} />}
        />
      )}
      {!open && operation && <LastResize operation={operation} />}
    </CardBox>
  )
}
