import { Link } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import type { LiveNotice } from '@coreshift/shared/contract'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { usePutAwayNotice, useToldNotices } from '../live/told-notices.ts'
import { telling } from '../strings/telling.ts'
import { Notice } from '../ui/notice.tsx'
import './told-notices.css'

const GOOD_ENDS: readonly LiveNotice['state'][] = ['converged', 'rolled-back']

/** What the person asked to be told, above whatever screen they are on, until they put it away. */
export function ToldNotices() {
  const notices = useToldNotices()
  const putAway = usePutAwayNotice()
  useBrowserNotifications(notices)
  return (
    <div className="cs-told" role="status">
      {notices.map((notice) => (
        <Notice
          key={notice.operation}
          tone={
            notice.what === 'overdue' ? 'warning' : GOOD_ENDS.includes(notice.state) ? 'success' : 'danger'
          }
          title={`${notice.vmName}: ${notice.sentence}`}
          actions={
            <>
              <Link to="/resizes/$id" params={{ id: notice.operation }}>
                {telling.look}
              </Link>{' '}
              <Button variant="link" isInline onClick={() => putAway(notice)}>
                {telling.putAway}
              </Button>
            </>
          }
        />
      ))}
    </div>
  )
}

/** Where the person let the browser tell them, and looks at another tab. */
function useBrowserNotifications(notices: readonly LiveNotice[]): void {
  const told = useRef(new Set<LiveNotice>())
  useEffect(() => {
    for (const notice of notices) {
      if (told.current.has(notice)) continue
      told.current.add(notice)
      if (!document.hidden || !('Notification' in globalThis) || Notification.permission !== 'granted')
        continue
      new Notification(notice.vmName, { body: notice.sentence, tag: notice.operation })
    }
  }, [notices])
}
