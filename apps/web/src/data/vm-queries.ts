import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type {
  PowerAction,
  ResizePlan,
  ResizeRequestInput,
  SocketsOptions,
  TopologyView,
  Operation,
  VmChange,
  VmPatch,
} from '@coreshift/shared/contract'
import { ApiProblem } from './api-failure.ts'
import type { HttpClient } from './http-client.ts'

/** Answers are asked for again after this time when a view that needs them opens: settings may have changed too. */
const FRESH_MS = 5_000

/** Everything that was asked about one VM: plans, verdicts, forecasts. Out of date once its definition was changed. */
export const vmAnswersKey = (uuid: string) => ['vm', uuid] as const

/**
 * Verdict on every number of sockets. `facts` is part of the key: when they change, so may the verdicts, and the old ones
 * stay on screen until they are here.
 */
export function socketsOptionsQuery(http: HttpClient, uuid: string, facts: string) {
  return queryOptions({
    queryKey: ['vm', uuid, 'sockets-options', facts],
    queryFn: ({ signal }) =>
      http.request<SocketsOptions>('GET', `/vms/${uuid}/sockets-options`, { keys: ['options'], signal }),
    placeholderData: keepPreviousData,
    staleTime: FRESH_MS,
  })
}

/** The dry run: what the request would do. Nothing is changed. */
export function resizePlanQuery(http: HttpClient, uuid: string, facts: string, request: ResizeRequestInput) {
  return queryOptions<ResizePlan>({
    queryKey: ['vm', uuid, 'plan', facts, request],
    queryFn: ({ signal }) =>
      http.request<ResizePlan>('POST', `/vms/${uuid}/resizes?dryRun=1`, {
        body: request,
        keys: ['allowed', 'reasons'],
        signal,
      }),
    // Another policy or an acknowledgement changes little of the plan; another number makes the old one a lie.
    placeholderData: (before) => (before?.to.sockets === request.sockets ? before : undefined),
    staleTime: FRESH_MS,
    gcTime: 60_000,
  })
}

/** Both views side by side; the guest's is read when asked for, so it is never older than the visit. */
export function topologyQuery(http: HttpClient, uuid: string, facts: string) {
  return queryOptions({
    queryKey: ['vm', uuid, 'topology', facts],
    queryFn: ({ signal }) =>
      http.request<TopologyView>('GET', `/vms/${uuid}/topology`, { keys: ['hypervisor'], signal }),
    placeholderData: keepPreviousData,
    staleTime: FRESH_MS,
  })
}

export function requestResize(
  http: HttpClient,
  uuid: string,
  request: ResizeRequestInput,
): Promise<Operation> {
  return http.request<Operation>('POST', `/vms/${uuid}/resizes`, { body: request, keys: ['id', 'state'] })
}

export function requestPower(http: HttpClient, uuid: string, action: PowerAction): Promise<void> {
  return http.request<void>('POST', `/vms/${uuid}/power`, { body: { action } })
}

/**
 * Changes description or guest system.
 * @throws ApiProblem also where the answer is that a member could not be saved
 */
export async function changeVm(
  http: HttpClient,
  uuid: string,
  patch: Pick<VmPatch, 'description' | 'guestOs'>,
): Promise<VmChange> {
  const change = await http.request<VmChange>('PATCH', `/vms/${uuid}`, { body: patch, keys: ['vm'] })
  for (const outcome of [change.description, change.guestOs]) {
    if (outcome?.ok === false) throw new ApiProblem(outcome.problem)
  }
  return change
}
