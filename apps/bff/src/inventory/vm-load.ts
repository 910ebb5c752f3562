import { countsAsPresent } from '@coreshift/shared'
import type { Vm } from '@coreshift/shared/contract'

/** Load figures of one VM, 0 to 100. */
export interface VmLoad {
  readonly percent: number
  readonly byVcpu: ReadonlyMap<number, number>
}

export function sameLoad(a: VmLoad, b: VmLoad): boolean {
  if (a.percent !== b.percent || a.byVcpu.size !== b.byVcpu.size) return false
  for (const [id, percent] of a.byVcpu) if (b.byVcpu.get(id) !== percent) return false
  return true
}

/** A running VM with other load figures; the same object where none that is shown differs. */
export function withLoad(vm: Vm, load: VmLoad): Vm {
  let changed = vm.loadPercent !== load.percent
  const vcpus = vm.vcpus.map((vcpu) => {
    const loadPercent = countsAsPresent(vcpu.state) ? load.byVcpu.get(vcpu.id) : undefined
    if (loadPercent === vcpu.loadPercent) return vcpu
    changed = true
    const { loadPercent: _before, ...rest } = vcpu
    return loadPercent === undefined ? rest : { ...rest, loadPercent }
  })
  return changed ? { ...vm, loadPercent: load.percent, vcpus } : vm
}

/** What changes all the time and is no change that a plan would have to know of. */
const LOAD_OF_VM: ReadonlySet<string> = new Set<keyof Vm>(['loadPercent'])
const LOAD_OF_VCPU: ReadonlySet<string> = new Set<keyof Vm['vcpus'][number]>(['loadPercent', 'hostCpu'])

/** Whether a patch between two views of a VM holds nothing but load figures. */
export function isOnlyLoad(patch: unknown): boolean {
  return holdsOnly(patch, (key, change) =>
    key === 'vcpus'
      ? holdsOnly(change, (_id, vcpu) => holdsOnly(vcpu, (field) => LOAD_OF_VCPU.has(field)))
      : LOAD_OF_VM.has(key),
  )
}

function holdsOnly(value: unknown, allowed: (key: string, change: unknown) => boolean): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.entries(value).every(([key, change]) => allowed(key, change))
}
