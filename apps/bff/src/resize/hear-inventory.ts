import { unitOf } from '@coreshift/shared'
import type { AuditDraft } from '../audit/audit-log.ts'
import type { Clock } from '../clock.ts'
import type { DomainSnapshot } from '../inventory/domain-snapshot.ts'
import type { InventoryListener, VmReader } from '../inventory/inventory-ports.ts'
import type { Input } from './engine/engine-io.ts'
import { toObservation } from './observation.ts'
import type { OperationRecord } from './operation-record.ts'
import { StrayEvents } from './stray-events.ts'

/** A VM that no host shows may just be moving: time before that is taken for the truth, ms. */
const GONE_GRACE_MS = 10_000

/** The operations that are told. */
interface Operations {
  openOf(uuid: string): OperationRecord | undefined
  /** The open or latest operation of a VM, and ended ones whose vCPUs may still go. */
  concernedBy(uuid: string): readonly OperationRecord[]
  openRecords(): Iterable<OperationRecord>
  feed(id: string, input: Input): void
}

interface InventoryEarDependencies {
  readonly clock: Clock
  readonly vms: VmReader
  readonly operations: Operations
  readonly audit: (draft: AuditDraft) => Promise<unknown>
  readonly problem: (text: string, error: unknown) => void
}

/** Makes inputs of operations out of what the inventory tells. */
export class InventoryEar implements InventoryListener {
  readonly #dependencies: InventoryEarDependencies
  readonly #strays = new StrayEvents()

  constructor(dependencies: InventoryEarDependencies) {
    this.#dependencies = dependencies
  }

  read(snapshot: DomainSnapshot): void {
    this.#reportStrays(snapshot)
    if (snapshot.migratedAway) return this.#confirmGone(snapshot.uuid)
    this.#feedAll(snapshot.uuid, {
      type: 'observed',
      at: this.#dependencies.clock.now(),
      observation: toObservation(snapshot, this.#dependencies.vms.hostOf(snapshot.uuid)?.name),
    })
  }

  gone(uuid: string): void {
    this.#confirmGone(uuid)
  }

  vcpuRemoved(uuid: string, vcpu: number): void {
    const at = this.#dependencies.clock.now()
    this.#strays.note(uuid, vcpu, at)
    const open = this.#dependencies.operations.openOf(uuid)
    if (open) this.#dependencies.operations.feed(open.id, { type: 'vcpu-removed', at, vcpu })
  }

  removalFailed(uuid: string, alias: string): void {
    const open = this.#dependencies.operations.openOf(uuid)
    const match = /^vcpu(\d+)$/.exec(alias)
    if (!open || !match) return
    const unit = unitOf(Number(match[1]), open.memory.unitSize)
    this.#dependencies.operations.feed(open.id, {
      type: 'removal-failed',
      at: this.#dependencies.clock.now(),
      unit,
      alias,
    })
  }

  hostDown(hostId: string, cause: string): void {
    for (const record of this.#dependencies.operations.openRecords()) {
      const host = this.#dependencies.vms.hostOf(record.vm)?.id ?? record.host
      if (host === hostId)
        this.#dependencies.operations.feed(record.id, {
          type: 'host-lost',
          at: this.#dependencies.clock.now(),
          cause,
        })
    }
  }

  hostSynced(hostId: string): void {
    const { clock, vms } = this.#dependencies
    for (const record of this.#dependencies.operations.openRecords()) {
      const host = vms.hostOf(record.vm)?.id
      if (host === hostId)
        this.#dependencies.operations.feed(record.id, { type: 'host-back', at: clock.now() })
      else if (host === undefined && record.host === hostId) {
        this.#dependencies.operations.feed(record.id, { type: 'host-back', at: clock.now() })
        this.#confirmGone(record.vm)
      }
    }
  }

  /** The open operation, and ended ones that a late completion may belong to. */
  #feedAll(uuid: string, input: Input): void {
    const { operations } = this.#dependencies
    for (const { id } of operations.concernedBy(uuid)) operations.feed(id, input)
  }

  /** No host shows the VM, or only a host that it left: after a while without news that is how it is. */
  #confirmGone(uuid: string): void {
    const { clock, vms } = this.#dependencies
    const asked = this.#dependencies.operations.openOf(uuid)
    if (!asked) return
    clock.after(GONE_GRACE_MS, () => {
      const snapshot = vms.snapshot(uuid)
      if (snapshot && !snapshot.migratedAway) return
      const observation = { readAt: clock.now(), presence: 'gone' as const, enabled: new Set<number>() }
      this.#dependencies.operations.feed(asked.id, { type: 'observed', at: clock.now(), observation })
    })
  }

  #reportStrays(snapshot: DomainSnapshot): void {
    const { audit, clock, problem } = this.#dependencies
    for (const vcpu of this.#strays.settle(snapshot)) {
      const definition = snapshot.live
      if (!definition) continue
      audit({
        at: new Date(clock.now()).toISOString(),
        actor: { kind: 'system', name: 'Coreshift' },
        action: 'resize.event-ignored',
        outcome: 'info',
        vm: snapshot.uuid,
        vmName: definition.name,
        host: snapshot.hostId,
        message: `libvirt reported vCPU ${vcpu} removed, but a re-read shows it present: ignored (late news of an earlier removal).`,
        detail: { vcpu },
      }).catch((error: unknown) => problem('an ignored event could not be recorded', error))
    }
  }
}
