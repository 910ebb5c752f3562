import { queryOptions, skipToken, useQuery } from '@tanstack/react-query'
import type { LiveEndReason } from '@coreshift/shared/contract'

/** State of the live connection. What is on screen is current in `live` only. */
export type Connection =
  | { readonly state: 'connecting'; readonly since: number }
  | { readonly state: 'live'; readonly since: number }
  /** It was there and is gone; the socket tries again by itself. `since` is when it was lost. */
  | { readonly state: 'lost'; readonly since: number; readonly cause: string }
  /** The server ended it for good; only a new sign-in or a reload helps. */
  | {
      readonly state: 'ended'
      readonly since: number
      readonly reason: LiveEndReason
      readonly message: string
    }

export const CONNECTION_KEY = ['connection'] as const

const connectionQuery = queryOptions<Connection>({
  queryKey: CONNECTION_KEY,
  // Written by the live subscriber alone.
  queryFn: skipToken,
  staleTime: Infinity,
  gcTime: Infinity,
})

/** The connection as the subscriber last wrote it; absent before the first attempt. */
export function useConnection(): Connection | undefined {
  return useQuery(connectionQuery).data
}

/** Whether what is shown may be out of date. */
export function isStale(connection: Connection | undefined): boolean {
  return connection?.state === 'lost' || connection?.state === 'ended'
}
