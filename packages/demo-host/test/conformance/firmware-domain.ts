import { randomUUID } from 'node:crypto'
import {
  connectGetAllDomainStats,
  cpuMapOf,
  cpusOfMap,
  domainAbortJob,
  domainCreateWithFlags,
  domainDestroyFlags,
  domainGetGuestVcpus,
  domainGetJobInfo,
  domainGetJobStats,
  domainGetMaxVcpus,
  domainGetState,
  domainGetVcpuPinInfo,
  domainGetVcpus,
  domainLookupById,
  domainPinVcpuFlags,
  type DomainRef,
  domainResume,
  domainSetVcpu,
  domainSetVcpusFlags,
  domainSuspend,
  domainUndefineFlags,
  lifecycle,
  tunable,
} from '@coreshift/libvirt'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Bench, call, define, refusal, remove, vcpuLines, watch, xmlOf } from './bench.ts'
import { LIVE, CONFIG, MAXIMUM, GUEST, ASYNC, counts, setCount, setChosen } from './vcpu-calls.ts'

/**
 * A domain that runs firmware only: it takes vCPUs and never gives one back.
 * @param opened the host, once the tests run
 * @param name of the domain, which nobody else uses
 */
export function firmwareDomain(title: string, opened: () => Bench, name: string): void {
  describe(`${title}: a domain that runs firmware only`, () => {
    let bench: Bench
    let domain: DomainRef
    beforeAll(async () => {
      bench = opened()
      const defined = await define(bench, 'firmware', name, randomUUID())
      domain = (await call(bench, domainCreateWithFlags, { domain: defined, flags: 0 })).domain
    })
    afterAll(() => remove(bench, domain))

    it('is found by its id and runs for the reason "booted"', async () => {
      expect(domain.id).toBeGreaterThan(0)
      expect((await call(bench, domainLookupById, { id: domain.id })).domain).toEqual(domain)
      expect(await call(bench, domainGetState, { domain, flags: 0 })).toEqual({ state: 1, reason: 1 })
    })

    it('lists no vCPUs in its live XML until one was plugged', async () => {
      expect(vcpuLines(await xmlOf(bench, domain))).toEqual(["<vcpu placement='static' current='2'>8</vcpu>"])
      await setCount(bench, domain, 4, LIVE)
      expect(vcpuLines(await xmlOf(bench, domain))).toEqual([
        "<vcpu placement='static' current='4'>8</vcpu>",
        "<vcpu id='0' enabled='yes' hotpluggable='no' order='1'/>",
        "<vcpu id='1' enabled='yes' hotpluggable='no' order='2'/>",
        "<vcpu id='2' enabled='yes' hotpluggable='yes' order='3'/>",
        "<vcpu id='3' enabled='yes' hotpluggable='yes' order='4'/>",
        "<vcpu id='4' enabled='no' hotpluggable='yes'/>",
        "<vcpu id='5' enabled='no' hotpluggable='yes'/>",
        "<vcpu id='6' enabled='no' hotpluggable='yes'/>",
        "<vcpu id='7' enabled='no' hotpluggable='yes'/>",
      ])
      expect(await counts(bench, domain)).toEqual({ live: 4, config: 2 })
    })

    it('counts the same everywhere', async () => {
      const { vcpus } = await call(bench, domainGetVcpus, { domain, maxInfo: 8, mapLength: 1 })
      expect(vcpus.map(({ number, state }) => [number, state])).toEqual([
        [0, 1],
        [1, 1],
        [2, 1],
        [3, 1],
      ])
      const { records } = await call(bench, connectGetAllDomainStats, {
        domains: [domain],
        stats: 8,
        flags: 0,
      })
      const params = records[0]?.params
      expect([params?.get('vcpu.current'), params?.get('vcpu.maximum'), params?.get('vcpu.3.state')]).toEqual(
        [4, 8, 1],
      )
      expect((await call(bench, domainGetMaxVcpus, { domain })).max).toBe(8)
    })

    it.each([
      [0, LIVE, '8 from 20'],
      [9, LIVE, '8 from 10'],
      [9, LIVE | ASYNC, '8 from 10'],
      [1, LIVE | ASYNC, '67 from 10'],
      [4, LIVE | 64, '8 from 10'],
      [3, GUEST | LIVE | ASYNC, '55 from 10'],
      [3, GUEST | LIVE, '74 from 10'],
      [3, GUEST | CONFIG, '8 from 20'],
      [8, MAXIMUM | LIVE, '8 from 20'],
      [8, MAXIMUM | LIVE | CONFIG, '84 from 10'],
    ])('refuses the count %i with flags %i: %s', async (count, flags, expected) => {
      expect(await refusal(bench, domainSetVcpusFlags, { domain, count, flags })).toBe(expected)
    })

    it.each([
      ['0', 0, LIVE, '84 from 10'],
      ['1', 0, LIVE | 4, '84 from 10'],
      ['3', 1, LIVE, '8 from 10'],
      ['5', 0, LIVE, '8 from 10'],
      ['8', 1, LIVE, '8 from 10'],
      ['4-5', 1, LIVE, '84 from 10'],
      ['abc', 1, LIVE, '8 from 0'],
      ['4', 1, LIVE | 8, '8 from 10'],
    ])('refuses vCPU %j to state %i with flags %i: %s', async (vcpus, state, flags, expected) => {
      expect(await refusal(bench, domainSetVcpu, { domain, vcpus, state, flags })).toBe(expected)
    })

    it('accepts an asynchronous removal, again and again, and goes on counting what the guest keeps', async () => {
      await setCount(bench, domain, 3, LIVE | ASYNC)
      await setCount(bench, domain, 3, LIVE | ASYNC)
      await setChosen(bench, domain, '3', 0, LIVE | 4)
      expect((await counts(bench, domain)).live).toBe(4)
    })

    it('times out with code 68 after five seconds in the synchronous form', async () => {
      expect(await refusal(bench, domainSetVcpusFlags, { domain, count: 3, flags: LIVE })).toBe('68 from 10')
      expect((await counts(bench, domain)).live).toBe(4)
    })

    it('writes the stored definition at once when live, config and async come together', async () => {
      await setCount(bench, domain, 3, CONFIG)
      await setCount(bench, domain, 3, LIVE | CONFIG | ASYNC)
      expect(await counts(bench, domain)).toEqual({ live: 4, config: 3 })
      await setCount(bench, domain, 2, CONFIG)
    })

    it('leaves a hole where a chosen vCPU was added', async () => {
      await setChosen(bench, domain, '6', 1, LIVE)
      expect(vcpuLines(await xmlOf(bench, domain))[7]).toBe(
        "<vcpu id='6' enabled='yes' hotpluggable='yes' order='5'/>",
      )
      const { vcpus } = await call(bench, domainGetVcpus, { domain, maxInfo: 8, mapLength: 0 })
      expect(vcpus.map(({ number }) => number)).toEqual([0, 1, 2, 3, 6])
    })

    it('pins vCPUs, present or not, and tells it', async () => {
      const changes = await watch(bench, tunable, domain)
      const map = cpuMapOf([0])
      await call(bench, domainPinVcpuFlags, { domain, vcpu: 1, map, flags: LIVE })
      await call(bench, domainPinVcpuFlags, { domain, vcpu: 7, map, flags: LIVE | CONFIG })
      const { maps, count } = await call(bench, domainGetVcpuPinInfo, {
        domain,
        mapCount: 8,
        mapLength: 1,
        flags: LIVE,
      })
      expect(count).toBe(8)
      expect([cpusOfMap(maps.subarray(1, 2)), cpusOfMap(maps.subarray(7, 8))]).toEqual([[0], [0]])
      expect(await xmlOf(bench, domain)).toContain(
        "  <cputune>\n    <vcpupin vcpu='1' cpuset='0'/>\n    <vcpupin vcpu='7' cpuset='0'/>\n  </cputune>\n",
      )
      await bench.waitFor(() => changes.length >= 2, 'an event for each pin')
      expect(changes.map(({ params }) => params.toObject())).toEqual([
        { 'cputune.vcpupin1': '0' },
        { 'cputune.vcpupin7': '0' },
      ])
      expect(await refusal(bench, domainPinVcpuFlags, { domain, vcpu: 9, map, flags: LIVE })).toBe(
        '8 from 10',
      )
    })

    it('has no agent, no job and no second registration', async () => {
      expect(await refusal(bench, domainGetGuestVcpus, { domain, flags: 0 })).toBe('74 from 10')
      expect((await call(bench, domainGetJobInfo, { domain })).type).toBe(0)
      expect((await call(bench, domainGetJobStats, { domain, flags: 0 })).type).toBe(0)
      expect(await refusal(bench, domainAbortJob, { domain })).toMatch(/^55 /)
    })

    it('walks through its states with the events that belong to them', async () => {
      const story = await watch(bench, lifecycle, domain)
      await call(bench, domainSuspend, { domain })
      expect(await call(bench, domainGetState, { domain, flags: 0 })).toEqual({ state: 3, reason: 1 })
      await call(bench, domainResume, { domain })
      expect(await call(bench, domainGetState, { domain, flags: 0 })).toEqual({ state: 1, reason: 5 })
      expect(await refusal(bench, domainResume, { domain })).toMatch(/^55 /)
      await call(bench, domainDestroyFlags, { domain, flags: 0 })
      expect(await call(bench, domainGetState, { domain, flags: 0 })).toEqual({ state: 5, reason: 2 })
      await call(bench, domainCreateWithFlags, { domain, flags: 1 })
      await call(bench, domainDestroyFlags, { domain, flags: 0 })
      await call(bench, domainUndefineFlags, { domain, flags: 0 })
      expect(await refusal(bench, domainGetState, { domain, flags: 0 })).toBe('42 from 10')
      await bench.waitFor(() => story.length >= 9, 'nine lifecycle events')
      expect(story.map(({ event, detail }) => `${event}/${detail}`)).toEqual([
        '3/0',
        '4/0',
        '6/2',
        '5/1',
        '2/0',
        '3/0',
        '6/2',
        '5/1',
        '1/0',
      ])
    })
  })
}
