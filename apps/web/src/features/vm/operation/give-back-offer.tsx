import { useQuery } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import { hasLiveMachine } from '@coreshift/shared'
import type { Operation, TopicSnapshots } from '@coreshift/shared/contract'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { liveVm } from '../../../live/live-topics.ts'
import { resize } from '../../../strings/resize.ts'
import { useReadClock } from '../../../ui/clock.tsx'
import { Notice } from '../../../ui/notice.tsx'
import type { SteadyVm } from '../steady-vm.ts'
import { BUSY_PERCENT, giveBackTo } from './give-back.ts'

interface GiveBackOfferProps {
  readonly vm: SteadyVm
  /** The machine's latest; another one needs another key. */
  readonly operation: Operation
  readonly onGiveBack: (sockets: number) => void
}

/** Offers what was removed back to a guest that became busy; stays once it was seen busy, so that nothing flickers. */
export function GiveBackOffer({ vm, operation, onGiveBack }: GiveBackOfferProps) {
  const readClock = useReadClock()
  const pick = useCallback(
    (page: Partial<TopicSnapshots['vm']>) => page.vm && giveBackTo(operation, page.vm, readClock()),
    [operation, readClock],
  )
  const { data: sockets } = useQuery({ ...liveVm(vm.uuid), select: pick })
  const [offered, setOffered] = useState(sockets)
  if (sockets !== undefined && sockets !== offered) setOffered(sockets)
  // Others may have given it back meanwhile, or switched the machine off.
  if (offered === undefined || vm.sockets >= offered || !hasLiveMachine(vm.status) || vm.stale) return null
  return (
    <Notice
      tone="warning"
      live="status"
      title={resize.busySince}
      actions={
        <Button variant="link" isInline onClick={() => onGiveBack(offered)}>
          {resize.giveBack(offered)}
        </Button>
      }
    >
      {resize.busySinceText(BUSY_PERCENT)}
    </Notice>
  )
}
