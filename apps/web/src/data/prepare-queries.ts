import { queryOptions } from '@tanstack/react-query'
import type { PrepareInput, PreparePlan } from '@coreshift/shared/contract'
import type { HttpClient } from './http-client.ts'

/** What preparing the stored definition would change. Nothing is changed. */
export function preparePlanQuery(http: HttpClient, uuid: string, input: PrepareInput) {
  return queryOptions<PreparePlan>({
    queryKey: ['vm', uuid, 'prepare', input],
    queryFn: ({ signal }) =>
      http.request<PreparePlan>('POST', `/vms/${uuid}/prepare?dryRun=1`, {
        body: input,
        keys: ['allowed', 'changes'],
        signal,
      }),
    gcTime: 0,
  })
}

/** Raises the maximum and marks vCPUs hot-pluggable in the stored definition; the running machine is left alone. */
export function prepareForLiveResize(
  http: HttpClient,
  uuid: string,
  input: PrepareInput,
): Promise<PreparePlan> {
  return http.request<PreparePlan>('POST', `/vms/${uuid}/prepare`, { body: input, keys: ['changes'] })
}

export function undoPreparation(http: HttpClient, uuid: string): Promise<unknown> {
  return http.request<unknown>('DELETE', `/vms/${uuid}/prepare`)
}
