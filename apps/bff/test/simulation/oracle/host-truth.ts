import type { FleetHost } from '@coreshift/demo-host'

/** When something about one vCPU was last so, in true time. */
interface Sighting {
  there: number | undefined
  missing: number | undefined
  isThere: boolean
  /** Since when it is as it is now. */
  since: number
}

/** The truth about one running machine. */
interface MachineTruth {
  readonly host: string
  readonly domainId: number
  readonly vcpus: Map<number, Sighting>
  /** When the guest last refused each unit, by its lowest id; forged reports are among them, nobody can tell. */
  readonly refusals: Map<number, number>
}

/** What really was: recorded at every moment at which anything can have changed. Times are true ones, epoch ms. */
export class HostTruth {
  readonly #hosts: readonly FleetHost[]
  readonly #now: () => number
  readonly #machines = new Map<string, MachineTruth>()
  readonly #stop: (() => void)[]

  constructor(hosts: readonly FleetHost[], now: () => number) {
    this.#hosts = hosts
    this.#now = now
    this.#stop = hosts.map(({ host }) =>
      host.subscribe((event) => {
        // What goes may be back in the same instant.
        this.look()
        if (event.kind !== 'device-removal-failed') return
        const unit = /^vcpu(\d+)$/.exec(event.deviceAlias)?.[1]
        const truth = this.#machines.get(event.domain.uuid)
        if (unit !== undefined) truth?.refusals.set(Number(unit), now())
      }),
    )
  }

  stop(): void {
    for (const stop of this.#stop) stop()
  }

  look(): void {
    const now = this.#now()
    for (const { host, name } of this.#hosts) {
      for (const { uuid, machine } of host.domains.values()) {
        if (machine === null) continue
        const truth = this.#machineOf(uuid, name, machine.id)
        const { vcpus } = machine.definition
        for (let id = 0; id < vcpus.length; id += 1) see(truth.vcpus, id, vcpus[id]?.online === true, now)
      }
    }
  }

  #machineOf(uuid: string, host: string, domainId: number): MachineTruth {
    let truth = this.#machines.get(uuid)
    if (truth?.host === host && truth.domainId === domainId) return truth
    // What an older machine showed, and its guest said, still counts for claims about the time before.
    const vcpus = truth?.vcpus ?? new Map<number, Sighting>()
    truth = { host, domainId, vcpus, refusals: truth?.refusals ?? new Map<number, number>() }
    this.#machines.set(uuid, truth)
    return truth
  }

  /** Whether the vCPU was there at some moment from `from` on. */
  wasThere(uuid: string, id: number, from: number): boolean {
    return (this.#machines.get(uuid)?.vcpus.get(id)?.there ?? -1) >= from
  }

  wasMissing(uuid: string, id: number, from: number): boolean {
    return (this.#machines.get(uuid)?.vcpus.get(id)?.missing ?? -1) >= from
  }

  /** Since when it is missing without a break; `undefined` while it is there. */
  missingSince(uuid: string, id: number): number | undefined {
    const seen = this.#machines.get(uuid)?.vcpus.get(id)
    return seen === undefined || seen.isThere ? undefined : seen.since
  }

  refusedAt(uuid: string, unit: number): number | undefined {
    return this.#machines.get(uuid)?.refusals.get(unit)
  }

  /** The machine that runs now, or ran last. */
  machine(
    uuid: string,
  ): { readonly host: string; readonly domainId: number; readonly running: boolean } | undefined {
    const truth = this.#machines.get(uuid)
    if (!truth) return undefined
    const host = this.#hosts.find(({ name }) => name === truth.host)
    return { ...truth, running: host?.host.domains.get(uuid)?.machine?.id === truth.domainId }
  }
}

function see(vcpus: Map<number, Sighting>, id: number, isThere: boolean, now: number): void {
  let seen = vcpus.get(id)
  if (seen === undefined) {
    seen = { there: undefined, missing: undefined, isThere, since: now }
    vcpus.set(id, seen)
  }
  if (isThere) seen.there = now
  else seen.missing = now
  if (isThere !== seen.isThere) {
    seen.isThere = isThere
    seen.since = now
  }
}
