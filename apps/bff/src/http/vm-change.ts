import type { ResizeMode } from '@coreshift/shared'
import type { Actor, Problem, Vm, VmChange, VmPatch } from '@coreshift/shared/contract'
import { Failure } from '../failure.ts'
import type { Identity } from '../identity/identity.ts'
import { requireRight, type Action } from '../identity/rights.ts'
import { toProblem } from './problem.ts'
import type { ApiServices } from './services.ts'

interface VmChangeRequest {
  readonly uuid: string
  readonly patch: VmPatch
  readonly identity: Identity
  readonly actor: Actor
  readonly requestId: string
}

type Failed = { readonly ok: false; readonly problem: Problem; readonly error: Failure }

/**
 * What a change of the sockets is about unless somebody says so: of a VM that runs both what runs and what is stored,
 * where the stored number follows only a live change that was done. A VM that ends with its machine has nothing stored.
 */
export function defaultMode({ status, persistent }: Pick<Vm, 'status' | 'persistent'>): ResizeMode {
  if (status === 'down') return 'nextBoot'
  return persistent ? 'both' : 'live'
}

/**
 * Carries out each member of a patch on its own.
 * @throws Failure of the first member when none could be carried out; errors that are no `Failure` at once
 */
export async function changeVm(
  { vms, desk }: Pick<ApiServices, 'vms' | 'desk'>,
  existing: (uuid: string) => Vm,
  { uuid, patch, identity, actor, requestId }: VmChangeRequest,
): Promise<VmChange> {
  async function attempt<T extends object>(
    action: Action,
    work: () => Promise<T>,
  ): Promise<({ ok: true } & T) | Failed> {
    try {
      requireRight(identity, action)
      return { ok: true, ...(await work()) }
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      return { ok: false, problem: toProblem(error, requestId), error }
    }
  }

  const { description, guestOs, sockets, mode, policy, acknowledge } = patch
  const outcomes = {
    description:
      description === undefined
        ? undefined
        : await attempt('describe-vm', async () => {
            await vms.setDescription(uuid, description, actor)
            return {}
          }),
    guestOs:
      guestOs === undefined
        ? undefined
        : await attempt('set-guest-os', async () => {
            await vms.setGuestOs(uuid, guestOs, actor)
            return {}
          }),
    sockets:
      sockets === undefined
        ? undefined
        : await attempt('resize-vm', async () => ({
            operation: await desk.request(
              uuid,
              {
                sockets,
                mode: mode ?? defaultMode(existing(uuid)),
                ...(policy !== undefined && { policy }),
                ...(acknowledge && { acknowledge }),
              },
              actor,
              requestId,
            ),
          })),
  }
  const given = Object.values(outcomes).filter((outcome) => outcome !== undefined)
  const failures = given.filter((outcome) => !outcome.ok)
  if (given.length === 0) {
    throw new Failure('invalid-request', 'Nothing to change: send description, sockets or guestOs.')
  }
  if (failures[0] && failures.length === given.length) throw failures[0].error
  return {
    vm: existing(uuid),
    ...(outcomes.description === undefined ? {} : { description: plain(outcomes.description) }),
    ...(outcomes.guestOs === undefined ? {} : { guestOs: plain(outcomes.guestOs) }),
    ...(outcomes.sockets === undefined
      ? {}
      : {
          sockets: outcomes.sockets.ok
            ? { ok: true, operation: outcomes.sockets.operation }
            : { ok: false, problem: outcomes.sockets.problem },
        }),
  }
}

function plain(outcome: { ok: true } | Failed): { ok: true } | { ok: false; problem: Problem } {
  return outcome.ok ? { ok: true } : { ok: false, problem: outcome.problem }
}
