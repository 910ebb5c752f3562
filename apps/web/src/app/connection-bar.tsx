import { useEffect, useRef } from 'react'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { useConnection, type Connection } from '../live/connection.ts'
import { failures } from '../strings/failures.ts'
import { useAnnounce } from '../ui/announcer.tsx'
import { useNow } from '../ui/clock.tsx'
import { Notice } from '../ui/notice.tsx'
import { runningTime } from '../ui/time-words.ts'

/** A moment without connection is normal at a restart; only a longer one is worth a bar. */
const QUIET_MS = 1000

/** One word in the head of the page: whether what is shown is current. */
export function ConnectionSign() {
  const connection = useConnection()
  const state = connection?.state ?? 'connecting'
  return (
    <span className={`cs-connection cs-connection--${state}`}>
      <svg viewBox="0 0 12 12" width="10" height="10" aria-hidden="true">
        {state === 'live' ? (
          <circle cx="6" cy="6" r="4.5" fill="currentColor" />
        ) : (
          <circle cx="6" cy="6" r="4" className="cs-sign__line" strokeDasharray="2 1.5" />
        )}
      </svg>
      {failures.connection[state]}
    </span>
  )
}

/** Says above the content that it may be out of date, since when, and what is being done about it. */
export function ConnectionBar() {
  const connection = useConnection()
  useReturnAnnouncement(connection)
  if (connection?.state === 'lost') return <LostBar since={connection.since} />
  if (connection?.state === 'ended') {
    return (
      <Notice
        tone="danger"
        live="alert"
        title={failures.ended}
        actions={
          <Button variant="link" isInline onClick={() => location.reload()}>
            {failures.reloadPage}
          </Button>
        }
      >
        {connection.message}
      </Notice>
    )
  }
  return null
}

function LostBar({ since }: { since: number }) {
  const gone = useNow() - since
  if (gone < QUIET_MS) return null
  return (
    <Notice tone="warning" title={failures.lost(runningTime(gone))}>
      {failures.lostText}
    </Notice>
  )
}

function useReturnAnnouncement(connection: Connection | undefined): void {
  const announce = useAnnounce()
  const before = useRef(connection?.state)
  useEffect(() => {
    if (before.current === 'lost' && connection?.state === 'live') announce(failures.backAgain)
    if (before.current === 'live' && connection?.state === 'lost') announce(failures.lostText)
    before.current = connection?.state
  }, [connection?.state, announce])
}
