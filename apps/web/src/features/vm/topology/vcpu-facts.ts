import type { Vcpu } from '@coreshift/shared/contract'
import { vcpus as words } from '../../../strings/vcpus.ts'
import { vmPage } from '../../../strings/vm.ts'
import { isEmptySlot } from './topology-view.ts'

/** Everything known of one vCPU, a fact a line: its state first, its load last. */
export function vcpuFacts(vcpu: Vcpu): string[] {
  const t = vmPage.cellDetail
  return [
    `${words.cell(vcpu.id, words.states[vcpu.state])}. ${words.explained[vcpu.state]}`,
    t.place(vcpu.socket, vcpu.core, vcpu.thread),
    ...(vcpu.cell === undefined ? [] : [vmPage.node(vcpu.cell)]),
    ...(vcpu.hotpluggable || isEmptySlot(vcpu) ? [] : [words.fixed]),
    ...(vcpu.pinning === undefined ? [] : [words.pinned(vcpu.pinning)]),
    ...(vcpu.hostCpu === undefined ? [] : [t.hostCpu(vcpu.hostCpu)]),
    ...(vcpu.loadPercent === undefined ? [] : [t.load(vcpu.loadPercent)]),
    ...(vcpu.error === undefined ? [] : [vcpu.error]),
  ]
}
