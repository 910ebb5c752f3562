import type { Actor, PowerAction, Vm } from '@coreshift/shared/contract'
import type { AuditDraft, AuditLog } from '../audit/audit-log.ts'
import type { Clock } from '../clock.ts'
import { Failure } from '../failure.ts'
import { changePower } from './change-power.ts'
import { writeDescription, writeGuestOs } from './domain-metadata.ts'
import type { DomainSnapshot } from './domain-snapshot.ts'
import type { DomainSession } from './inventory-ports.ts'
import { failureOf, messageOf } from './libvirt-failure.ts'
import { powerDone, powerRefused } from './power-words.ts'

/** What the actions need of the inventory. */
interface ActedOnVms {
  get(uuid: string): Vm | undefined
  snapshot(uuid: string): DomainSnapshot | undefined
  /** @throws Failure `host-offline` */
  openSession(uuid: string): DomainSession
  reread(uuid: string): Promise<unknown>
}

interface VmActionsDependencies {
  readonly clock: Clock
  readonly audit: AuditLog
  readonly vms: ActedOnVms
  readonly problem: (text: string, error: unknown) => void
}

/** What people do to a VM beside resizing it: power, description, guest OS. Each is in the audit. */
export class VmActions {
  readonly #dependencies: VmActionsDependencies

  constructor(dependencies: VmActionsDependencies) {
    this.#dependencies = dependencies
  }

  /** @throws Failure when libvirt refuses; the refusal is in the audit too */
  async power(uuid: string, action: PowerAction, actor: Actor): Promise<void> {
    const vm = this.#required(uuid)
    const session = this.#dependencies.vms.openSession(uuid)
    const kind = `vm.power.${action}`
    try {
      await changePower(session, action)
    } catch (error) {
      await this.#record(vm, actor, kind, 'failed', {
        message: powerRefused(actor.name, action, vm.name, messageOf(error)),
      })
      throw failureOf(error, uuid)
    }
    await this.#record(vm, actor, kind, 'done', {
      message: powerDone(actor.name, action, vm.name),
    })
    await this.#rereadQuietly(uuid)
  }

  /** An empty description takes it away; the one that is there already changes nothing. */
  async setDescription(uuid: string, description: string, actor: Actor): Promise<void> {
    const vm = this.#required(uuid)
    if ((vm.description ?? '') === description) return
    await this.#write(uuid, (session, snapshot) => writeDescription(session, snapshot, description))
    await this.#record(vm, actor, 'vm.description-changed', 'done', {
      message: `${actor.name} changed the description of ${vm.name}.`,
      detail: { before: vm.description ?? '', after: description },
    })
    await this.#rereadQuietly(uuid)
  }

  /** @param row of the guest OS matrix; `null` takes the word back */
  async setGuestOs(uuid: string, row: string | null, actor: Actor): Promise<void> {
    const vm = this.#required(uuid)
    await this.#write(uuid, (session, snapshot) => writeGuestOs(session, snapshot, row))
    await this.#record(vm, actor, 'vm.guest-os-changed', 'done', {
      message:
        row === null
          ? `${actor.name} took back the guest OS set by hand for ${vm.name}.`
          : `${actor.name} set the guest OS of ${vm.name} to ${row}.`,
      detail: { before: vm.guestOs, after: row },
    })
    await this.#rereadQuietly(uuid)
  }

  async #write(
    uuid: string,
    act: (session: DomainSession, snapshot: DomainSnapshot) => Promise<void>,
  ): Promise<void> {
    const { vms } = this.#dependencies
    const session = vms.openSession(uuid)
    const snapshot = vms.snapshot(uuid)
    if (!snapshot) throw noVm(uuid)
    try {
      await act(session, snapshot)
    } catch (error) {
      throw failureOf(error, uuid)
    }
  }

  async #record(
    vm: Vm,
    actor: Actor,
    action: string,
    outcome: AuditDraft['outcome'],
    said: Pick<AuditDraft, 'message' | 'detail'>,
  ): Promise<void> {
    const { audit, clock } = this.#dependencies
    const at = new Date(clock.now()).toISOString()
    await audit.append({ at, actor, action, outcome, vm: vm.uuid, vmName: vm.name, host: vm.host, ...said })
  }

  async #rereadQuietly(uuid: string): Promise<void> {
    try {
      await this.#dependencies.vms.reread(uuid)
    } catch (error) {
      // The change itself was made; the next event or resync shows it.
      this.#dependencies.problem(`reading ${uuid} after a change failed`, error)
    }
  }

  #required(uuid: string): Vm {
    const vm = this.#dependencies.vms.get(uuid)
    if (!vm) throw noVm(uuid)
    return vm
  }
}

function noVm(uuid: string): Failure {
  return new Failure('not-found', `There is no VM with the UUID ${uuid}.`)
}
