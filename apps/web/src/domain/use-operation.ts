import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { isOpen } from '@coreshift/shared'
import { operationQuery } from '../data/operation-queries.ts'
import { useHttp } from '../data/services.tsx'
import { liveResizes } from '../live/live-topics.ts'

/**
 * One operation, as fresh as it can be: while it is open it comes with the live list of open ones; when it leaves
 * that list it has ended, and its last state is read once.
 */
export function useOperation(id: string) {
  const stored = useQuery(operationQuery(useHttp(), id))
  const open = useQuery(liveResizes()).data
  const live = open?.operations.find((operation) => operation.id === id)
  const { refetch } = stored
  const hasLeft =
    open !== undefined && live === undefined && stored.data !== undefined && isOpen(stored.data.state)
  useEffect(() => {
    if (hasLeft) void refetch()
  }, [hasLeft, refetch])
  return { operation: live ?? stored.data, error: stored.error, refetch }
}
