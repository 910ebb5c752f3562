import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { NextBootForecast, NextBootRevert, PrepareInput, PreparePlan } from '@coreshift/shared/contract'
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

/** Lines of the domain XML that undoing the last preparation changes. */
interface UndoPlan {
  readonly xml: PreparePlan['xml']
}

/** What undoing the last preparation would change. Nothing is changed. */
export function undoPlanQuery(http: HttpClient, uuid: string) {
  return queryOptions({
    queryKey: ['vm', uuid, 'undo-preparation'],
    queryFn: ({ signal }) =>
      http.request<UndoPlan>('DELETE', `/vms/${uuid}/prepare?dryRun=1`, { keys: ['xml'], signal }),
    gcTime: 0,
  })
}

/** Undoes the last preparation; what others changed in the definition since stays. */
export function undoPreparation(http: HttpClient, uuid: string): Promise<UndoPlan> {
  return http.request<UndoPlan>('DELETE', `/vms/${uuid}/prepare`, { keys: ['xml'] })
}

/** What each vCPU is good for now and after the next boot. `facts` as for the verdicts on sockets. */
export function forecastQuery(http: HttpClient, uuid: string, facts: string) {
  return queryOptions({
    queryKey: ['vm', uuid, 'forecast', facts],
    queryFn: ({ signal }) =>
      http.request<NextBootForecast>('GET', `/vms/${uuid}/forecast`, { keys: ['vcpus', 'changes'], signal }),
    placeholderData: keepPreviousData,
    gcTime: 0,
  })
}

/** Gives up what the next boot would change: the stored definition gets the vCPUs of the running machine. */
export function revertNextBoot(http: HttpClient, uuid: string): Promise<NextBootRevert> {
  return http.request<NextBootRevert>('DELETE', `/vms/${uuid}/next-boot`, { keys: ['changes'] })
}
