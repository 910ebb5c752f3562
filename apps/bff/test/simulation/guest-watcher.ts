import type { FleetHost } from '@coreshift/demo-host'
import type { FaultKind } from './fault-kinds.ts'

/** lifecycle event "crashed" (virDomainEventType). */
const CRASHED = 8

/** Counts what guests do, as it happens. */
export class GuestWatcher {
  readonly #hosts: readonly FleetHost[]
  readonly #strike: (kind: FaultKind) => void
  /** Units that have been counted as silent, late or held back, by machine. */
  readonly #counted = new WeakMap<object, Set<string>>()
  readonly #unsubscribe: (() => void)[]

  constructor(hosts: readonly FleetHost[], strike: (kind: FaultKind) => void) {
    this.#hosts = hosts
    this.#strike = strike
    this.#unsubscribe = hosts.map((host) =>
      host.host.subscribe((event) => {
        if (event.kind === 'device-removal-failed') strike('guest-refuses')
        if (event.kind === 'reboot') strike('guest-reboot')
        if (event.kind === 'lifecycle' && event.event === CRASHED) strike('guest-crash')
        if (event.kind === 'vcpu-removed') {
          const unit = host.host.domains.get(event.domain.uuid)?.machine?.unitSize ?? 1
          if (unit > 1 && event.vcpuId % unit === 0) strike('group-removal')
        }
      }),
    )
  }

  /** What can only be seen by looking: guests that do not answer. */
  look(): void {
    for (const { host } of this.#hosts) {
      for (const { machine, guest } of host.domains.values()) {
        if (machine === null) continue
        if (guest.behaviour === 'never-answers') {
          for (const unit of machine.asked) this.#once(machine, `silent ${unit}`, 'guest-silent')
        }
        if (guest.behaviour === 'completes-late') {
          for (const unit of machine.asked) this.#once(machine, `late ${unit}`, 'guest-late')
        }
        for (const unit of machine.owed) this.#once(machine, `owed ${unit}`, 'completion-held-back')
      }
    }
  }

  stop(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe()
  }

  #once(machine: object, key: string, kind: FaultKind): void {
    let counted = this.#counted.get(machine)
    if (!counted) this.#counted.set(machine, (counted = new Set()))
    if (counted.has(key)) return
    counted.add(key)
    this.#strike(kind)
  }
}
