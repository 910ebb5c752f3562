import { queryOptions } from '@tanstack/react-query'
import type { GuestOsMatrixInput, GuestOsMatrixView } from '@coreshift/shared/contract'
import type { HttpClient } from './http-client.ts'

export const GUEST_OS_KEY = ['guest-os-matrix'] as const

export function guestOsQuery(http: HttpClient) {
  return queryOptions({
    queryKey: GUEST_OS_KEY,
    queryFn: ({ signal }) =>
      http.request<GuestOsMatrixView>('GET', '/guest-os-matrix', { keys: ['rows', 'rev'], signal }),
    staleTime: 60_000,
  })
}

export function saveGuestOsEdits(http: HttpClient, input: GuestOsMatrixInput): Promise<GuestOsMatrixView> {
  return http.request<GuestOsMatrixView>('PUT', '/guest-os-matrix', { body: input, keys: ['rows', 'rev'] })
}
