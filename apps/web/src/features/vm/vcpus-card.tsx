import { getRouteApi } from '@tanstack/react-router'
import { memo, useState } from 'react'
import { isOpen } from '@coreshift/shared'
import { useMayOperate } from '../../domain/use-role.ts'
import { resize } from '../../strings/resize.ts'
import { CardBox } from '../../ui/card-box.tsx'
import { GiveBackOffer } from './operation/give-back-offer.tsx'
import { LastResize } from './operation/last-resize.tsx'
import { OperationPanel } from './operation/operation-panel.tsx'
import { useEndAnnouncement } from './operation/use-end-announcement.ts'
import { SocketsEditor } from './sockets/sockets-editor.tsx'
import { ThreeCounts } from './three-counts.tsx'
import { useSteadyVm, useVmOperation } from './use-vm.ts'

const route = getRouteApi('/inside/vms/$uuid')

/** A person wants another target for a running resize. */
interface Replacing {
  /** Ends with that resize. */
  readonly operation: string
  readonly begin: number | undefined
}

/** The heart of the page: the counts, and below them either the editor or the resize that is under way. */
export const VcpusCard = memo(function VcpusCard({
  uuid,
  onPrepare,
}: {
  uuid: string
  onPrepare: () => void
}) {
  const vm = useSteadyVm(uuid)
  const operation = useVmOperation(uuid)
  const mayOperate = useMayOperate()
  useEndAnnouncement(operation)
  const asked = route.useSearch({ select: (search) => search.sockets })
  const open = operation && isOpen(operation.state) ? operation : undefined
  const [wanted, setWanted] = useState<Replacing | undefined>(
    open && asked !== undefined ? { operation: open.id, begin: asked } : undefined,
  )
  const [givenBack, setGivenBack] = useState<number>()
  if (!vm) return null
  const replacing = open && wanted?.operation === open.id ? wanted : undefined
  return (
    <CardBox title={resize.region} className="cs-vm__vcpus">
      {open && (
        <>
          <ThreeCounts vm={vm} operation={open} />
          <OperationPanel
            operation={open}
            vcpusPerUnit={vm.vcpusPerUnit}
            isReplacing={replacing !== undefined}
            onReplace={(begin) => setWanted({ operation: open.id, begin })}
            onKeep={() => setWanted(undefined)}
          />
        </>
      )}
      {(!open || replacing) && (
        <SocketsEditor
          key={
            replacing ? `instead of ${replacing.operation} with ${replacing.begin}` : `new ${givenBack ?? ''}`
          }
          vm={vm}
          replaces={replacing && open}
          begin={replacing ? replacing.begin : (givenBack ?? asked)}
          onSent={() => {
            setWanted(undefined)
            setGivenBack(undefined)
          }}
          onPrepare={onPrepare}
          head={open ? undefined : <ThreeCounts vm={vm} operation={undefined} />}
        />
      )}
      {!open && operation && (
        <>
          {mayOperate && (
            <GiveBackOffer key={operation.id} vm={vm} operation={operation} onGiveBack={setGivenBack} />
          )}
          <LastResize operation={operation} />
        </>
      )}
    </CardBox>
  )
})
