import { queryOptions } from '@tanstack/react-query'
import type { Settings } from '@coreshift/shared/contract'
import type { HttpClient } from './http-client.ts'

export const SETTINGS_KEY = ['settings'] as const

export function settingsQuery(http: HttpClient) {
  return queryOptions({
    queryKey: SETTINGS_KEY,
    queryFn: ({ signal }) => http.request<Settings>('GET', '/settings', { keys: ['policies'], signal }),
    staleTime: 60_000,
  })
}

export function saveSettings(http: HttpClient, settings: Settings): Promise<Settings> {
  return http.request<Settings>('PUT', '/settings', { body: settings, keys: ['policies'] })
}
