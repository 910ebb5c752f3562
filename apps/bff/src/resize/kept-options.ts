import { isDeepStrictEqual } from 'node:util'
import { socketsOptions, type VmFacts } from '@coreshift/shared'
import type { SocketsOptions } from '@coreshift/shared/contract'

/** VMs whose options are kept: of a VM with 4,096 vCPUs they and their text take about 2 MB. */
export const KEPT_OPTIONS_MAX = 16

/** Options of the VMs that were asked about last: the same object until something changes that the rules look at. */
export class KeptOptions {
  readonly #kept = new Map<string, { readonly facts: VmFacts; readonly options: SocketsOptions }>()

  of(facts: VmFacts): SocketsOptions {
    const { uuid, rev } = facts
    const before = this.#kept.get(uuid)
    const kept =
      before && sameFacts(before.facts, facts)
        ? before
        : { facts, options: { vm: uuid, rev, options: socketsOptions(facts) } }
    this.#kept.delete(uuid)
    this.#kept.set(uuid, kept)
    const oldest = this.#kept.size > KEPT_OPTIONS_MAX ? this.#kept.keys().next() : undefined
    if (oldest && !oldest.done) this.#kept.delete(oldest.value)
    return kept.options
  }
}

/** Definitions hold thousands of vCPUs and are the same object until the domain is read again. */
function sameFacts(a: VmFacts, b: VmFacts): boolean {
  if (a.live !== b.live || a.config !== b.config) return false
  const { live: _liveA, config: _configA, ...restA } = a
  const { live: _liveB, config: _configB, ...restB } = b
  return isDeepStrictEqual(restA, restB)
}
