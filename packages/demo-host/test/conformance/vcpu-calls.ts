import { type DomainRef, domainGetVcpusFlags, domainSetVcpu, domainSetVcpusFlags } from '@coreshift/libvirt'
import { type Bench, call } from './bench.ts'

// Flags of the calls, as they are on the wire.
export const LIVE = 1
export const CONFIG = 2
export const MAXIMUM = 4
export const GUEST = 8
export const ASYNC = 32

export async function counts(bench: Bench, domain: DomainRef): Promise<{ live: number; config: number }> {
  return {
    live: (await call(bench, domainGetVcpusFlags, { domain, flags: LIVE })).count,
    config: (await call(bench, domainGetVcpusFlags, { domain, flags: CONFIG })).count,
  }
}

export function setCount(bench: Bench, domain: DomainRef, count: number, flags: number) {
  return call(bench, domainSetVcpusFlags, { domain, count, flags })
}

export function setChosen(bench: Bench, domain: DomainRef, vcpus: string, state: number, flags: number) {
  return call(bench, domainSetVcpu, { domain, vcpus, state, flags })
}
