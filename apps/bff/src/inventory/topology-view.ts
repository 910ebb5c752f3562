import { formatVcpuRanges as ranges } from '@coreshift/shared'
import type { TopologyView, Vm } from '@coreshift/shared/contract'
import type { GuestReport } from './domain-snapshot.ts'

/**
 * Hypervisor's and guest's view side by side; without the guest's, why it is missing.
 * @param ask asks the guest agent, only where there is one
 */
export async function topologyView(
  vm: Vm,
  ask: () => Promise<GuestReport | { readonly problem: string }>,
): Promise<TopologyView> {
  const { declared: _declared, ...topology } = vm.topology
  const hypervisor = { topology, vcpus: vm.vcpus }
  if (vm.agent === 'none') return { hypervisor, guestProblem: 'The VM has no guest agent channel.' }
  if (vm.agent === 'disconnected') return { hypervisor, guestProblem: 'The guest agent is not connected.' }
  const report = await ask()
  if ('problem' in report) return { hypervisor, guestProblem: report.problem }
  return { hypervisor, guest: guestView(report) }
}

function guestView(report: GuestReport): NonNullable<TopologyView['guest']> {
  return {
    source: 'agent',
    vcpus: ranges(report.known),
    online: ranges(report.online),
    offlinable: ranges(report.offlinable),
    readAt: new Date(report.readAt).toISOString(),
  }
}
