import { randomUUID } from 'node:crypto'
import {
  deviceRemovalFailed,
  domainCreateWithFlags,
  type DomainRef,
  domainSetVcpu,
  domainSetVcpusFlags,
  vcpuRemoved,
} from '@coreshift/libvirt'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Bench, call, define, refusal, remove, vcpuLines, watch, xmlOf } from './bench.ts'
import { LIVE, counts, setCount, setChosen } from './vcpu-calls.ts'

/**
 * A ppc64le guest whose vCPUs move in pairs.
 * @param opened the host, once the tests run
 * @param name of the domain, which nobody else uses
 */
export function pairedVcpus(title: string, opened: () => Bench, name: string): void {
  describe(`${title}: a ppc64le guest whose vCPUs move in pairs`, () => {
    let bench: Bench
    let domain: DomainRef
    let removed: { vcpuId: number }[]
    beforeAll(async () => {
      bench = opened()
      const defined = await define(bench, 'ppc', name, randomUUID())
      domain = (await call(bench, domainCreateWithFlags, { domain: defined, flags: 0 })).domain
      removed = await watch(bench, vcpuRemoved, domain)
    })
    afterAll(() => remove(bench, domain))

    it('refuses half a unit, several units and the units it booted with', async () => {
      expect(await refusal(bench, domainSetVcpusFlags, { domain, count: 5, flags: LIVE })).toBe('67 from 10')
      const set = (vcpus: string, state: number) =>
        refusal(bench, domainSetVcpu, { domain, vcpus, state, flags: LIVE | 4 })
      expect(await set('4', 1)).toBe('8 from 10')
      expect(await set('5', 1)).toBe('8 from 10')
      expect(await set('4-7', 1)).toBe('84 from 10')
      expect(await set('3', 0)).toBe('8 from 10')
      expect(await set('2-3', 0)).toBe('84 from 10')
      expect(await set('4-5', 0)).toBe('8 from 10')
    })

    it('numbers both threads of a core alike', async () => {
      await setCount(bench, domain, 6, LIVE)
      expect(vcpuLines(await xmlOf(bench, domain)).slice(0, 8)).toEqual([
        "<vcpu placement='static' current='6'>32</vcpu>",
        "<vcpu id='0' enabled='yes' hotpluggable='no' order='1'/>",
        "<vcpu id='1' enabled='yes' hotpluggable='no' order='1'/>",
        "<vcpu id='2' enabled='yes' hotpluggable='no' order='2'/>",
        "<vcpu id='3' enabled='yes' hotpluggable='no' order='2'/>",
        "<vcpu id='4' enabled='yes' hotpluggable='yes' order='3'/>",
        "<vcpu id='5' enabled='yes' hotpluggable='yes' order='3'/>",
        "<vcpu id='6' enabled='no' hotpluggable='yes'/>",
      ])
    })

    it('lets a pair go with one event per vCPU', async () => {
      const failures = await watch(bench, deviceRemovalFailed, domain)
      // A guest that is still booting does not answer, or refuses; it is asked again until it does.
      await bench.waitFor(async () => {
        if ((await counts(bench, domain)).live === 4) return true
        await setChosen(bench, domain, '4-5', 0, LIVE | 4).catch(() => undefined)
        await bench.pause(1500)
        return false
      }, 'the removal of a pair')
      await bench.waitFor(() => removed.length >= 2, 'two events')
      expect(removed.map(({ vcpuId }) => vcpuId).toSorted((a, b) => a - b)).toEqual([4, 5])
      expect(failures.every(({ deviceAlias }) => deviceAlias === 'vcpu4')).toBe(true)
    })
  })
}
