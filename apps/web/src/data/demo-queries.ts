import { queryOptions } from '@tanstack/react-query'
import type { DemoGuest, DemoGuestChange, DemoHostChange } from '@coreshift/shared/contract'
import type { HttpClient } from './http-client.ts'

/** How a simulated guest behaves. `facts` is part of the key: what it was asked changes with the machine. */
export function demoGuestQuery(http: HttpClient, uuid: string, facts: string) {
  return queryOptions<DemoGuest>({
    queryKey: ['vm', uuid, 'demo', facts],
    queryFn: ({ signal }) =>
      http.request<DemoGuest>('GET', `/demo/vms/${uuid}`, { keys: ['behaviour', 'asked'], signal }),
    placeholderData: (before) => before,
    retry: false,
  })
}

export function steerGuest(http: HttpClient, uuid: string, change: DemoGuestChange): Promise<DemoGuest> {
  return http.request<DemoGuest>('PATCH', `/demo/vms/${uuid}`, { body: change, keys: ['behaviour'] })
}

export function steerHost(http: HttpClient, host: string, act: DemoHostChange['act']): Promise<void> {
  return http.request<void>('PATCH', `/demo/hosts/${encodeURIComponent(host)}`, { body: { act } })
}
