import { queryOptions } from '@tanstack/react-query'
import type { HookList, Settings } from '@coreshift/shared/contract'
import type { HttpClient } from './http-client.ts'

export const SETTINGS_KEY = ['settings'] as const

export function settingsQuery(http: HttpClient) {
  return queryOptions({
    queryKey: SETTINGS_KEY,
    queryFn: ({ signal }) => http.request<Settings>('GET', '/settings', { keys: ['policies'], signal }),
    staleTime: 60_000,
  })
}

/** Executables that run around each resize, as they lie in their folder now. */
export function hooksQuery(http: HttpClient) {
  return queryOptions({
    queryKey: ['hooks'],
    queryFn: ({ signal }) => http.request<HookList>('GET', '/hooks', { keys: ['items'], signal }),
  })
}

export function saveSettings(http: HttpClient, settings: Settings): Promise<Settings> {
  return http.request<Settings>('PUT', '/settings', { body: settings, keys: ['policies'] })
}
