import { queryOptions } from '@tanstack/react-query'
import type { Operation } from '@coreshift/shared/contract'
import type { HttpClient } from './http-client.ts'

export function operationQuery(http: HttpClient, id: string) {
  return queryOptions({
    queryKey: ['operation', id],
    queryFn: ({ signal }) =>
      http.request<Operation>('GET', `/resizes/${id}`, { keys: ['id', 'timeline'], signal }),
  })
}

/** Asks the guest again now. */
export function askAgain(http: HttpClient, id: string): Promise<Operation> {
  return http.request<Operation>('POST', `/resizes/${id}/retry`, { body: {} })
}

/** Stops the waiting; a completion that comes later is still recorded. */
export function stopWaiting(http: HttpClient, id: string): Promise<Operation> {
  return http.request<Operation>('POST', `/resizes/${id}/abandon`, { body: {} })
}

/** Has this person told when the resize is overdue and when it ends, or no longer. */
export function tellMe(http: HttpClient, id: string, wanted: boolean): Promise<Operation> {
  return http.request<Operation>(
    wanted ? 'PUT' : 'DELETE',
    `/resizes/${id}/tell-me`,
    wanted ? { body: {} } : {},
  )
}
