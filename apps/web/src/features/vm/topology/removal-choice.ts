import { unitOf } from '@coreshift/shared'
import type { ResizeRequestInput, Vcpu, Vm } from '@coreshift/shared/contract'

/** Whether a person may point at this vCPU to have it removed; the server judges the whole choice. */
export function isChoosable(vcpu: Vcpu): boolean {
  return vcpu.hotpluggable && (vcpu.state === 'present' || vcpu.state === 'guest-offline')
}

/** The choice after a press on one vCPU: those that move together are chosen together. */
export function toggleUnit(vm: Vm, chosen: ReadonlySet<number>, id: number): ReadonlySet<number> {
  const first = unitOf(id, vm.vcpusPerUnit)
  const unit = vm.vcpus.filter(
    (vcpu) => vcpu.id >= first && vcpu.id < first + vm.vcpusPerUnit && isChoosable(vcpu),
  )
  const next = new Set(chosen)
  const remove = chosen.has(id)
  for (const vcpu of unit) {
    if (remove) next.delete(vcpu.id)
    else next.add(vcpu.id)
  }
  return next
}

/** What is still there of a choice: vCPUs that went meanwhile are no longer chosen. */
export function stillChosen(vm: Vm, chosen: ReadonlySet<number>): number[] {
  return vm.vcpus.filter((vcpu) => chosen.has(vcpu.id) && isChoosable(vcpu)).map((vcpu) => vcpu.id)
}

export function removalRequest(ids: readonly number[], acknowledged: boolean): ResizeRequestInput {
  return {
    removeVcpus: [...ids],
    mode: 'live',
    ...(acknowledged ? { acknowledge: ['unverified-guest-os' as const] } : {}),
  }
}
