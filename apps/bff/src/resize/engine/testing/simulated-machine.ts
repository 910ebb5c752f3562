import { unitOf } from '@coreshift/shared'
import type { Observation, VcpuCall } from '../engine-io.ts'
import type { SeededChance } from './seeded-chance.ts'

/** What the guest does with a request to give up a unit. */
export type GuestManner = 'lets-go' | 'slow' | 'refuses' | 'silent' | 'held'

/** What becomes true, or is told, some time after a request. */
export interface Consequence {
  readonly afterMs: number
  readonly unit: number
  readonly kind: 'gone' | 'refused'
}

/**
 * The truth that an engine has to find out: which vCPUs the hypervisor counts, and how the guest answers. Facts as
 * seen on real hosts: whole units go together, a held-back completion is healed by the second request, a refusal is
 * an event for the lowest id of the unit.
 */
export class SimulatedMachine {
  readonly enabled: Set<number>
  configCount: number
  presence: Observation['presence'] = 'running'
  domainId = 7
  host = 'host-1'
  readonly unitSize: number
  readonly #manner = new Map<number, GuestManner>()
  readonly #requests = new Map<number, number>()
  readonly #chance: SeededChance
  readonly #manners: readonly [GuestManner, ...GuestManner[]]

  constructor(
    vcpus: number,
    unitSize: number,
    chance: SeededChance,
    manners: readonly [GuestManner, ...GuestManner[]],
  ) {
    this.enabled = new Set(Array.from({ length: vcpus }, (_, id) => id))
    this.configCount = vcpus
    this.unitSize = unitSize
    this.#chance = chance
    this.#manners = manners
  }

  /** Carries out a request, in whole or for some units only. @returns what follows from it */
  carryOut(call: VcpuCall, some?: ReadonlySet<number>): Consequence[] {
    if (this.presence !== 'running') return []
    const units = [...new Set(call.ids.map((id) => unitOf(id, this.unitSize)))].filter(
      (unit) => some === undefined || some.has(unit),
    )
    if (call.enable) {
      for (const unit of units) for (const id of this.#idsOf(unit)) this.enabled.add(id)
      return []
    }
    return units.flatMap((unit) => this.#askFor(unit))
  }

  /** A unit is let go. @returns the ids that went */
  letGo(unit: number): number[] {
    const ids = this.#idsOf(unit).filter((id) => this.enabled.has(id))
    for (const id of ids) this.enabled.delete(id)
    return ids
  }

  /** The VM is started anew, with the vCPUs of its stored definition. */
  restart(): void {
    this.domainId += 1
    this.presence = 'running'
    this.enabled.clear()
    for (let id = 0; id < this.configCount; id += 1) this.enabled.add(id)
    this.#requests.clear()
  }

  look(readAt: number): Observation {
    if (this.presence === 'gone') return { readAt, presence: 'gone', enabled: new Set() }
    const configCount = this.configCount
    if (this.presence === 'stopped') return { readAt, presence: 'stopped', enabled: new Set(), configCount }
    return {
      readAt,
      presence: 'running',
      machine: { host: this.host, domainId: this.domainId },
      enabled: new Set(this.enabled),
      configCount,
    }
  }

  #idsOf(unit: number): number[] {
    return Array.from({ length: this.unitSize }, (_, index) => unit + index)
  }

  #askFor(unit: number): Consequence[] {
    if (!this.enabled.has(unit)) return []
    const manner = this.#manner.get(unit) ?? this.#chance.pick(this.#manners)
    this.#manner.set(unit, manner)
    const requests = (this.#requests.get(unit) ?? 0) + 1
    this.#requests.set(unit, requests)
    switch (manner) {
      case 'lets-go':
        return [{ afterMs: this.#chance.between(0, 700), unit, kind: 'gone' }]
      case 'slow':
        return [{ afterMs: this.#chance.between(5000, 200_000), unit, kind: 'gone' }]
      case 'refuses':
        return [{ afterMs: this.#chance.between(0, 700), unit, kind: 'refused' }]
      case 'silent':
        return []
      case 'held':
        return requests > 1 ? [{ afterMs: this.#chance.between(0, 5), unit, kind: 'gone' }] : []
    }
  }
}
