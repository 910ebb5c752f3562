import type { DomainSnapshot } from './domain-snapshot.ts'

/**
 * What each host last said about each VM. The same UUID may be known to several hosts (a migrated VM leaves its
 * definition behind): the host on which it runs has the say.
 */
export class SnapshotStore {
  readonly #byVm = new Map<string, Map<string, DomainSnapshot>>()

  uuids(): Iterable<string> {
    return this.#byVm.keys()
  }

  /** UUIDs that a host was last seen to have. */
  *uuidsOfHost(hostId: string): Iterable<string> {
    for (const [uuid, byHost] of this.#byVm) if (byHost.has(hostId)) yield uuid
  }

  of(uuid: string, hostId: string): DomainSnapshot | undefined {
    return this.#byVm.get(uuid)?.get(hostId)
  }

  /** The snapshot that speaks for the VM: of the host where it runs, else the newest. */
  current(uuid: string): DomainSnapshot | undefined {
    let best: DomainSnapshot | undefined
    for (const snapshot of this.#byVm.get(uuid)?.values() ?? []) {
      if (best === undefined || isBetter(snapshot, best)) best = snapshot
    }
    return best
  }

  put(snapshot: DomainSnapshot): void {
    let byHost = this.#byVm.get(snapshot.uuid)
    if (!byHost) this.#byVm.set(snapshot.uuid, (byHost = new Map()))
    byHost.set(snapshot.hostId, snapshot)
  }

  /** @returns whether no host knows the VM any more */
  remove(uuid: string, hostId: string): boolean {
    const byHost = this.#byVm.get(uuid)
    if (!byHost) return true
    byHost.delete(hostId)
    if (byHost.size > 0) return false
    this.#byVm.delete(uuid)
    return true
  }
}

function isBetter(candidate: DomainSnapshot, best: DomainSnapshot): boolean {
  const running = candidate.live !== undefined
  if (running !== (best.live !== undefined)) return running
  return candidate.readAt > best.readAt
}
