import { useMutation, useQuery } from '@tanstack/react-query'
import type { AcknowledgeableCode } from '@coreshift/shared'
import type { ResizePlan, ResizeRequestInput } from '@coreshift/shared/contract'
import { ApiProblem } from '../../../data/api-failure.ts'
import { useHttp } from '../../../data/services.tsx'
import { requestResize, resizePlanQuery } from '../../../data/vm-queries.ts'
import type { SteadyVm } from '../steady-vm.ts'
import { resizeFacts, saysNothingNew } from './sockets-draft.ts'

interface PlannedResize {
  readonly vm: SteadyVm
  readonly request: ResizeRequestInput
  /** Whether there is something to plan. */
  readonly enabled: boolean
  readonly onSent: () => void
}

function isStale(error: unknown): boolean {
  return error instanceof ApiProblem && error.problem.code === 'stale-revision'
}

/**
 * The plan of a resize, and the command that carries out this plan and no other: it names the revision the plan was made
 * on. When the machine has changed since, a new plan is made. If it says the same as the one the person saw, it is sent
 * once more; if not, `changed` is true and the person is asked to look at it.
 */
export function usePlannedResize({ vm, request, enabled, onSent }: PlannedResize) {
  const http = useHttp()
  const plan = useQuery({ ...resizePlanQuery(http, vm.uuid, resizeFacts(vm), request), enabled })
  const send = useMutation({
    mutationFn: async ({ seen, acknowledge }: { seen: ResizePlan; acknowledge: AcknowledgeableCode[] }) => {
      const sendPlan = ({ rev }: ResizePlan) =>
        requestResize(http, vm.uuid, {
          ...request,
          ...(acknowledge.length > 0 ? { acknowledge } : {}),
          rev,
        })
      try {
        return await sendPlan(seen)
      } catch (error) {
        if (!isStale(error)) throw error
        const { data: fresh } = await plan.refetch()
        if (!fresh || !saysNothingNew(seen, fresh)) throw error
        return await sendPlan(fresh)
      }
    },
    onSuccess: onSent,
  })
  return {
    plan,
    isSending: send.isPending,
    /** The machine changed and the plan with it; what is on screen is the new one. */
    changed: isStale(send.error),
    error: isStale(send.error) ? undefined : (send.error ?? undefined),
    /** The failure is about a request that is no longer wanted. */
    forget: send.reset,
    send(acknowledge: readonly AcknowledgeableCode[]) {
      if (plan.data && !send.isPending) send.mutate({ seen: plan.data, acknowledge: [...acknowledge] })
    },
  }
}
