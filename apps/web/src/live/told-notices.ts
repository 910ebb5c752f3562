import { queryOptions, skipToken, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query'
import type { LiveNotice } from '@coreshift/shared/contract'

/** Older ones give way: whoever has not read twenty will look at the board. */
const KEPT_MAX = 20

const noticesQuery = queryOptions<readonly LiveNotice[]>({
  queryKey: ['told-notices'],
  // Written by the live subscriber alone.
  queryFn: skipToken,
  staleTime: Infinity,
  gcTime: Infinity,
})

/** What a person asked to be told and has not put away yet, oldest first. One resize has one notice, the newest. */
export function useToldNotices(): readonly LiveNotice[] {
  return useQuery(noticesQuery).data ?? []
}

/** Keeps a notice until the person puts it away. */
export function keepNotice(queryClient: QueryClient, notice: LiveNotice): void {
  queryClient.setQueryData(noticesQuery.queryKey, (kept = []) =>
    [...kept.filter(({ operation }) => operation !== notice.operation), notice].slice(-KEPT_MAX),
  )
}

export function usePutAwayNotice(): (notice: LiveNotice) => void {
  const queryClient = useQueryClient()
  return (notice) =>
    void queryClient.setQueryData(noticesQuery.queryKey, (kept = []) =>
      kept.filter((other) => other !== notice),
    )
}
