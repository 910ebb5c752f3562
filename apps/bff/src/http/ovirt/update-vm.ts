import { isOpen } from '@coreshift/shared'
import type { Actor, Operation, Vm } from '@coreshift/shared/contract'
import type { Clock } from '../../clock.ts'
import { Failure } from '../../failure.ts'
import type { ApiServices } from '../services.ts'
import { defaultMode } from '../vm-change.ts'
import { coresOf } from './vm-element.ts'
import type { VmUpdate } from './vm-update.ts'

/** oVirt answers once the hypervisor did; the guest gets this long before the answer shows what holds meanwhile, ms. */
const ANSWER_WAIT_MS = 10_000

interface UpdateRequest {
  readonly vm: Vm
  readonly update: VmUpdate
  readonly actor: Actor
  readonly requestId: string
}

/**
 * Carries an update out with oVirt's meaning: the description is saved first and kept whatever becomes of the sockets;
 * other cores or threads are for the next boot, with the sockets that come along; sockets alone are for now, and
 * stored once the running VM has them. Throws what refuses the topology.
 * @returns the resize, where there is one, as it stands after a bounded wait
 */
export async function updateVm(
  services: Pick<ApiServices, 'vms' | 'desk' | 'prepare'>,
  clock: Clock,
  { vm, update, actor, requestId }: UpdateRequest,
): Promise<Operation | undefined> {
  const { vms, desk, prepare } = services
  const { description, sockets, cores, threads } = update
  if (description === undefined && sockets === undefined && cores === undefined && threads === undefined) {
    throw new Failure('invalid-request', 'Nothing to change: send a description or a CPU topology.')
  }
  if (description !== undefined) await vms.setDescription(vm.uuid, description, actor)
  const now = { cores: coresOf(vm), threads: vm.topology.threads }
  if ((cores ?? now.cores) !== now.cores || (threads ?? now.threads) !== now.threads) {
    const shape = { cores: cores ?? now.cores, threads: threads ?? now.threads }
    if (shape.cores === 0 || shape.threads === 0) {
      throw new Failure('invalid-request', 'A socket has at least one core, and a core one thread.')
    }
    const wanted = sockets ?? Math.ceil(vm.nextBootSockets ?? vm.sockets)
    const room = Math.ceil(vm.vcpuMax / (shape.cores * shape.threads))
    const wish = {
      shape: { ...shape, dies: 1, clusters: 1 },
      sockets: Math.max(1, wanted),
      socketsMax: Math.max(1, wanted, room),
    }
    // What is staged already is no change, as in oVirt.
    const plan = await prepare.plan(vm.uuid, wish)
    if (!plan.allowed || plan.xml.length > 0) await prepare.prepare(vm.uuid, wish, actor, requestId)
    return undefined
  }
  // What it has already is no change, as in oVirt.
  if (sockets === undefined || (sockets === vm.sockets && vm.nextBootSockets === undefined)) return undefined
  const { id } = await desk.request(vm.uuid, { sockets, mode: defaultMode(vm) }, actor, requestId)
  return waitForEnd(desk, clock, id)
}

function waitForEnd(desk: ApiServices['desk'], clock: Clock, id: string): Promise<Operation | undefined> {
  return new Promise((resolve) => {
    const stops: (() => void)[] = []
    const finish = (): void => {
      for (const stop of stops) stop()
      resolve(desk.get(id))
    }
    const look = (): void => {
      const operation = desk.get(id)
      if (!operation || !isOpen(operation.state)) finish()
    }
    stops.push(desk.onChange(look), clock.after(ANSWER_WAIT_MS, finish))
    look()
  })
}
