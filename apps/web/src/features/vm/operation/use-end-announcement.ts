import { useEffect, useRef } from 'react'
import { isOpen } from '@coreshift/shared'
import type { Operation } from '@coreshift/shared/contract'
import { useAnnounce } from '../../../ui/announcer.tsx'

/** Says how a resize ended that was seen running; one that had ended before is no news. */
export function useEndAnnouncement(operation: Operation | undefined): void {
  const announce = useAnnounce()
  const running = useRef<string>(undefined)
  useEffect(() => {
    if (!operation) return
    if (isOpen(operation.state)) running.current = operation.id
    else if (running.current === operation.id) {
      running.current = undefined
      announce(operation.sentence)
    }
  }, [operation, announce])
}
