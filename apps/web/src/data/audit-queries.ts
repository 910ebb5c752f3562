import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { AuditList, AuditVerification } from '@coreshift/shared/contract'
import type { HttpClient } from './http-client.ts'

export interface AuditFilter {
  readonly vm?: string | undefined
  readonly actor?: string | undefined
  readonly action?: string | undefined
  readonly outcome?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly q?: string | undefined
}

const PAGE_SIZE = 100

/** The filter as a query string, empty members left out. */
export function auditFilterParams(filter: AuditFilter): URLSearchParams {
  const params = new URLSearchParams()
  for (const [key, value] of Object.entries(filter)) {
    if (typeof value === 'string' && value !== '') params.set(key, value)
  }
  return params
}

export function auditListQuery(http: HttpClient, filter: AuditFilter) {
  return infiniteQueryOptions({
    queryKey: ['audit', 'list', filter],
    queryFn: ({ pageParam, signal }) => {
      const params = auditFilterParams(filter)
      params.set('limit', String(PAGE_SIZE))
      if (pageParam) params.set('cursor', pageParam)
      return http.request<AuditList>('GET', `/audit?${params}`, { keys: ['items'], signal })
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  })
}

/** Few enough to be looked through at a glance; the audit has the rest. */
const ENDED_SHOWN = 20

/**
 * How the last resizes ended.
 * @param open names the ones that are open: with another name this is another question
 */
export function endedResizesQuery(http: HttpClient, open: string) {
  return queryOptions({
    queryKey: ['audit', 'ended-resizes', open],
    queryFn: ({ signal }) =>
      http.request<AuditList>('GET', `/audit?action=resize.finished&limit=${ENDED_SHOWN}`, {
        keys: ['items'],
        signal,
      }),
  })
}

export function auditVerificationQuery(http: HttpClient) {
  return queryOptions({
    queryKey: ['audit', 'verification'],
    queryFn: ({ signal }) =>
      http.request<AuditVerification>('GET', '/audit/verify', { keys: ['ok', 'verifiedUpTo'], signal }),
    staleTime: 60_000,
  })
}
