import type { Host, HostInput, HostPatch, HostTestResult } from '@coreshift/shared/contract'
import type { HttpClient } from './http-client.ts'

export function testHost(http: HttpClient, input: HostInput): Promise<HostTestResult> {
  return http.request<HostTestResult>('POST', '/hosts/test', { body: input, keys: ['ok'] })
}

export function addHost(http: HttpClient, input: HostInput): Promise<Host> {
  return http.request<Host>('POST', '/hosts', { body: input, keys: ['id'] })
}

export function changeHost(http: HttpClient, id: string, patch: HostPatch): Promise<Host> {
  return http.request<Host>('PATCH', `/hosts/${encodeURIComponent(id)}`, { body: patch, keys: ['id'] })
}

export function removeHost(http: HttpClient, id: string): Promise<void> {
  return http.request<void>('DELETE', `/hosts/${encodeURIComponent(id)}`)
}
