import { replaceEqualDeep } from '@tanstack/react-query'
import type { TopicSnapshots, Vcpu, Vm } from '@coreshift/shared/contract'

/** A vCPU without the figures that move all the time. */
export type SteadyVcpu = Omit<Vcpu, 'loadPercent' | 'hostCpu'>

/** A VM without the figures that move all the time: what most of the page is made of. */
export type SteadyVm = Omit<Vm, 'rev' | 'loadPercent' | 'vcpus'> & { readonly vcpus: readonly SteadyVcpu[] }

/**
 * Picks the VM out of the page's snapshot, and gives the same object again while only its load figures have moved. They
 * move every few seconds, and a page that renders as a whole each time is one that stutters.
 */
export function steadyVmPicker(): (snapshot: Partial<TopicSnapshots['vm']>) => SteadyVm | undefined {
  let last: Vm | undefined
  return ({ vm }) => {
    // Absent once the machine is gone from its host: until the page says so, the last known one stays.
    if (vm && (!last || !sameButLoad(last, vm))) last = vm
    return last
  }
}

/** Whether two states of a VM differ in nothing but load, host CPU and revision. */
function sameButLoad(a: Vm, b: Vm): boolean {
  if (a === b) return true
  const { rev: _ar, loadPercent: _al, vcpus: before, ...aRest } = a
  const { rev: _br, loadPercent: _bl, vcpus: after, ...bRest } = b
  return (
    before.length === after.length &&
    replaceEqualDeep(aRest, bRest) === aRest &&
    before.every((vcpu, index) => sameVcpu(vcpu, after[index]))
  )
}

function sameVcpu(a: Vcpu, b: Vcpu | undefined): boolean {
  if (a === b) return true
  if (!b) return false
  const { loadPercent: _al, hostCpu: _ah, ...aRest } = a
  const { loadPercent: _bl, hostCpu: _bh, ...bRest } = b
  return replaceEqualDeep(aRest, bRest) === aRest
}
