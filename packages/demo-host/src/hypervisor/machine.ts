import { copyDefinition, type DomainDefinition, vcpusPerUnit } from '../definition/domain-definition.ts'
import { liveSections } from '../definition/live-devices.ts'
import type { Timer } from '../time/clock.ts'

/** How one wait for a removal ended. */
export type RemovalOutcome = 'removed' | 'refused' | 'stopped'

/** A running QEMU with its guest: what libvirt counts, what QEMU has, and what the guest uses are three things. */
export class Machine {
  readonly id: number
  /** The live definition; `online` in it is what libvirt counts. */
  readonly definition: DomainDefinition
  readonly unitSize: number
  /** virDomainState and its reason. */
  state: number
  reason: number
  readonly startedAt: number
  agentConnected = false
  /** Whether QEMU has the vCPU, by id. */
  readonly qemuHas: Uint8Array
  /** Whether the vCPU is a device of its own, which can be deleted, by id. */
  readonly pluggable: Uint8Array
  /** Whether the guest uses the vCPU, by id. */
  readonly guestOnline: Uint8Array
  /** Units whose DEVICE_DELETED is held back (QEMU's software emulation). */
  readonly owed = new Set<number>()
  /** Units that were asked to go and are still here. */
  readonly asked = new Set<number>()
  /** Requests that the guest still thinks about, by unit. */
  readonly answers = new Map<number, Timer>()
  /** Synchronous calls that wait for a unit. */
  readonly waiters = new Map<number, (outcome: RemovalOutcome) => void>()
  /** CPU time by vCPU in ns, and when it was last added up. */
  readonly cpuTimeNs: Float64Array
  cpuTimeAt: number
  /** Everything else that will happen to this machine; cancelled when it stops. */
  readonly timers = new Set<Timer>()

  constructor(id: number, config: DomainDefinition, nowMs: number, state: number, reason: number) {
    this.id = id
    this.definition = copyDefinition(config)
    Object.assign(this.definition, { sections: liveSections(config, id) })
    this.unitSize = vcpusPerUnit(config)
    this.state = state
    this.reason = reason
    this.startedAt = nowMs
    this.cpuTimeAt = nowMs
    const maximum = config.vcpus.length
    this.qemuHas = new Uint8Array(maximum)
    this.pluggable = new Uint8Array(maximum)
    this.guestOnline = new Uint8Array(maximum)
    this.cpuTimeNs = new Float64Array(maximum)
    this.definition.vcpus.forEach((slot, vcpu) => {
      slot.hotpluggable ??= !slot.online
      if (!slot.online) return
      this.qemuHas[vcpu] = 1
      this.guestOnline[vcpu] = 1
      if (slot.hotpluggable) this.pluggable[vcpu] = 1
    })
    numberOrders(this.definition, this.unitSize)
  }

  /** Lowest id of the unit that carries `vcpu`. */
  unitOf(vcpu: number): number {
    return vcpu - (vcpu % this.unitSize)
  }

  /** Ids of a unit, lowest first. */
  vcpusOf(unit: number): number[] {
    const last = Math.min(unit + this.unitSize, this.definition.vcpus.length)
    return Array.from({ length: last - unit }, (_, i) => unit + i)
  }

  /** QEMU's alias of a unit, as it appears in events. */
  aliasOf(unit: number): string {
    return `vcpu${unit}`
  }

  /** Nothing more will happen to this machine. */
  halt(): void {
    for (const timer of this.timers) timer.cancel()
    for (const timer of this.answers.values()) timer.cancel()
    this.timers.clear()
    this.answers.clear()
    const waiting = [...this.waiters.values()]
    this.waiters.clear()
    for (const tell of waiting) tell('stopped')
  }
}

/** Gives every present unit its number in the order of enabling, from 1 and without holes. */
export function numberOrders(definition: DomainDefinition, unitSize: number): void {
  const { vcpus } = definition
  const units: number[] = []
  for (let unit = 0; unit < vcpus.length; unit += unitSize) if (vcpus[unit]?.online === true) units.push(unit)
  const rank = (unit: number): number => vcpus[unit]?.order || Number.MAX_SAFE_INTEGER
  units.sort((a, b) => rank(a) - rank(b) || a - b)
  const order = new Map(units.map((unit, index) => [unit, index + 1]))
  vcpus.forEach((slot, vcpu) => {
    slot.order = order.get(vcpu - (vcpu % unitSize)) ?? 0
  })
}
