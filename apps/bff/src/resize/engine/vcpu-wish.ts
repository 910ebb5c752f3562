import type { OperationVcpu } from '@coreshift/shared/contract'
import type { OperationRecord } from '../operation-record.ts'

/** Requests to add back one vCPU that is wanted again, at least; a policy may allow more (R20). */
export const ADD_BACK_REQUESTS = 5

/** Whether the hypervisor should have the vCPU when the operation is done. */
export function isWanted(record: Pick<OperationRecord, 'kind'>, vcpu: OperationVcpu): boolean {
  return record.kind === 'plug' || vcpu.addBack === true
}

/** vCPUs that the guest was asked to give up and whose answer is out, wanted or not. */
function isOut({ state }: OperationVcpu): boolean {
  return state === 'pending-removal' || state === 'stuck'
}

function ids(vcpus: readonly OperationVcpu[]): number[] {
  return vcpus.map((vcpu) => vcpu.id)
}

/** vCPUs whose going is wanted and not yet seen. */
export function leavingIds(record: OperationRecord): number[] {
  return ids(record.vcpus.filter((vcpu) => isOut(vcpu) && !isWanted(record, vcpu)))
}

/** vCPUs that are wanted again although the guest may still give them up (R21). */
export function undecidedIds(record: Pick<OperationRecord, 'kind' | 'vcpus'>): number[] {
  return ids(record.vcpus.filter((vcpu) => isOut(vcpu) && isWanted(record, vcpu)))
}

/** Whether the vCPU is where it should be, as last seen; a wanted one that may still go is there. */
export function isInPlace(record: OperationRecord, vcpu: OperationVcpu): boolean {
  const there = vcpu.state === 'present' || vcpu.state === 'guest-offline'
  return isWanted(record, vcpu) ? there || isOut(vcpu) : vcpu.state === 'removed'
}

/** vCPUs that no request named yet although their state asks for one (R21). */
export function unaskedIds(record: OperationRecord): { readonly add: number[]; readonly remove: number[] } {
  const unasked = record.vcpus.filter((vcpu) => vcpu.attempts === 0)
  return {
    add: ids(unasked.filter((vcpu) => vcpu.state === 'adding' && isWanted(record, vcpu))),
    remove: ids(unasked.filter((vcpu) => isOut(vcpu) && !isWanted(record, vcpu))),
  }
}

/** Requests of the operation's own direction, which the policy bounds; adding back is not counted among them. */
export function requestsUsed(record: OperationRecord): number {
  return record.attempts - (record.memory.sideRequests ?? 0)
}
