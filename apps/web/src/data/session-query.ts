import { queryOptions } from '@tanstack/react-query'
import type { Session, SessionList, SignInOptions } from '@coreshift/shared/contract'
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

/** The second step: a code of the authenticator, or a recovery code. */
export function finishSignIn(http: HttpClient, code: string): Promise<Session> {
  return http.request<Session>('POST', '/session/two-factor', { body: { code }, keys: ['version'] })
}

/** The ways to sign in that the server offers. */
export function signInOptionsQuery(http: HttpClient) {
  return queryOptions({
    queryKey: ['sign-in-options'],
    queryFn: ({ signal }) =>
      http.request<SignInOptions>('GET', '/sign-in-options', { keys: ['password'], signal }),
    staleTime: 60_000,
  })
}

export const SESSIONS_KEY = ['sessions'] as const

/** Where an account is signed in; without an id the own one. */
export function sessionsQuery(http: HttpClient, userId?: string) {
  const path = userId === undefined ? '/sessions' : `/users/${encodeURIComponent(userId)}/sessions`
  return queryOptions({
    queryKey: [...SESSIONS_KEY, userId ?? 'own'],
    queryFn: ({ signal }) => http.request<SessionList>('GET', path, { keys: ['items'], signal }),
  })
}

export function endSession(http: HttpClient, id: string): Promise<void> {
  return http.request<void>('DELETE', `/sessions/${encodeURIComponent(id)}`)
}

/** One's other sessions end with it. */
export function changeOwnPassword(http: HttpClient, password: string, next: string): Promise<void> {
  return http.request<void>('PUT', '/session/password', { body: { password, next } })
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
