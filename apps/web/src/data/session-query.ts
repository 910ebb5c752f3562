import { queryOptions } from '@tanstack/react-query'
import type { Session } from '@coreshift/shared/contract'
import type { HttpClient } from './http-client.ts'

export const SESSION_KEY = ['session'] as const

/** Who is signed in. Changes only by what this page does, or when the server says that the session ended. */
export function sessionQuery(http: HttpClient) {
  return queryOptions({
    queryKey: SESSION_KEY,
    queryFn: ({ signal }) =>
      http.request<Session>('GET', '/session', { keys: ['firstRun', 'version'], signal }),
    staleTime: Infinity,
    gcTime: Infinity,
  })
}

export function signIn(http: HttpClient, input: { name: string; password: string }): Promise<Session> {
  return http.request<Session>('POST', '/session', { body: input, keys: ['version'] })
}

export function signOut(http: HttpClient): Promise<void> {
  return http.request<void>('DELETE', '/session')
}

export function createAdministrator(
  http: HttpClient,
  input: { token: string; name: string; password: string },
): Promise<Session> {
  return http.request<Session>('POST', '/first-run', { body: input, keys: ['version'] })
}
