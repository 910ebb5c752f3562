import { useQuery } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import type { Operation, TopicSnapshots } from '@coreshift/shared/contract'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { liveVm } from '../../../live/live-topics.ts'
import { resize } from '../../../strings/resize.ts'
import { useReadClock } from '../../../ui/clock.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { BUSY_PERCENT, giveBackTo } from './give-back.ts'

interface GiveBackOfferProps {
  readonly uuid: string
  /** The machine's latest; another one needs another key. */
  readonly operation: Operation
  readonly onGiveBack: (sockets: number) => void
}

/** Offers what was removed back to a guest that became busy; stays once it was seen busy, so that nothing flickers. */
export function GiveBackOffer({ uuid, operation, onGiveBack }: GiveBackOfferProps) {
  const readClock = useReadClock()
  const pick = useCallback(
    ({ vm }: Partial<TopicSnapshots['vm']>) => vm && giveBackTo(operation, vm, readClock()),
    [operation, readClock],
  )
  const { data: sockets } = useQuery({ ...liveVm(uuid), select: pick })
  const [offered, setOffered] = useState(sockets)
  if (sockets !== undefined && sockets !== offered) setOffered(sockets)
  if (offered === undefined) return null
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
