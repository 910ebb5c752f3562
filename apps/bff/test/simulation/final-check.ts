import { isOpen, type VcpuState } from '@coreshift/shared'
import type { OperationRecord } from '../../src/resize/operation-record.ts'
import { trueVms, type TrueVm } from './truth.ts'
import type { World } from './world.ts'

/** What is not yet as it has to be once all trouble is over; empty when all is well. */
export function differences(world: World): string[] {
  const { server, process } = world
  if (!server || !process?.alive) return ['the server is down']
  const found: string[] = []
  for (const host of world.managed) {
    if (!world.wires.get(host)?.open) found.push(`host ${host.name} is not connected`)
  }
  const truth = trueVms(world.managed)
  for (const summary of server.vms.list()) {
    if (!truth.has(summary.uuid)) found.push(`${summary.name} is shown, but no managed host has it`)
  }
  for (const [uuid, known] of truth) {
    const problems = known.map((vm) => difference(world, vm))
    if (problems.every((problem) => problem !== undefined)) found.push(problems[0] ?? uuid)
  }
  for (const record of world.stored.records) {
    found.push(...untold(world, record))
    if (!isOpen(record.state)) continue
    const deadline = Date.parse(record.deadlineAt ?? '')
    const now = process.clock.now()
    if (Number.isNaN(deadline) || deadline < now) {
      found.push(`operation ${record.id} (${record.state}) has no look to come (${record.deadlineAt})`)
    }
    if (record.state !== 'deferred') found.push(`operation ${record.id} is still ${record.state}`)
    const shown = server.desk.get(record.id)
    if (shown?.state !== record.state)
      found.push(`operation ${record.id} is stored as ${record.state}, shown as ${shown?.state}`)
  }
  return found
}

/** States of a vCPU that say it is there. */
const THERE: ReadonlySet<VcpuState> = new Set<VcpuState>([
  'present',
  'guest-offline',
  'pending-removal',
  'stuck',
  'refused',
])

/** Claims of an operation that the truth has overtaken: open ones about all their vCPUs, ended ones about what was still out. */
function untold({ oracles: { truth } }: World, record: OperationRecord): string[] {
  const { machine, takenOver = [] } = record.memory
  const runs = truth.machine(record.vm)
  const same = machine !== undefined && runs?.host === machine.host && runs.domainId === machine.domainId
  if (!same || !runs.running || record.kind === 'config') return []
  return record.vcpus.flatMap(({ id, state }) => {
    const missing = truth.missingSince(record.vm, id) !== undefined
    const out = state === 'pending-removal' || state === 'stuck'
    const wrong = isOpen(record.state)
      ? THERE.has(state) === missing
      : record.kind === 'unplug' && out && missing && !takenOver.includes(id)
    return wrong
      ? [`operation ${record.id} (${record.state}) tells vCPU ${id} ${state}, which it is not`]
      : []
  })
}

function difference({ server }: World, truth: TrueVm): string | undefined {
  const vm = server?.vms.get(truth.uuid)
  if (!vm) return `${truth.name} is on ${truth.host}, but not shown`
  const shown = vm.vcpus
    .filter(({ state }) => state !== 'absent' && state !== 'removed' && state !== 'adding')
    .map(({ id }) => id)
  const is = (what: string, a: unknown, b: unknown) =>
    String(a) === String(b) ? undefined : `${truth.name}: ${what} is ${String(b)}, shown as ${String(a)}`
  const running = vm.status !== 'down'
  return (
    is('host', vm.hostName, truth.host) ??
    is('name', vm.name, truth.name) ??
    is('running', running, truth.running) ??
    is('persistent', vm.persistent, truth.persistent) ??
    is('the set of vCPUs', shown, truth.enabled) ??
    is('the number of vCPUs', vm.vcpuCount, truth.enabled.length) ??
    (truth.running && truth.storedCount !== undefined
      ? is('the stored number', vm.nextBootVcpuCount ?? vm.vcpuCount, truth.storedCount)
      : undefined)
  )
}
