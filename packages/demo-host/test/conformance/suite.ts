import { randomUUID } from 'node:crypto'
import {
  AgentState,
  agentLifecycle,
  connectGetAllDomainStats,
  connectListAllDomains,
  cpuMapOf,
  cpusOfMap,
  deviceRemovalFailed,
  domainAbortJob,
  domainCreateWithFlags,
  domainDefineXmlFlags,
  domainDestroyFlags,
  domainGetGuestInfo,
  domainGetGuestVcpus,
  domainGetJobInfo,
  domainGetJobStats,
  domainGetMaxVcpus,
  domainGetMetadata,
  domainGetState,
  domainGetVcpuPinInfo,
  domainGetVcpus,
  domainGetVcpusFlags,
  domainLookupById,
  domainLookupByName,
  domainLookupByUuid,
  domainPinVcpuFlags,
  type DomainRef,
  domainResume,
  domainSetGuestVcpus,
  domainSetMetadata,
  domainSetVcpu,
  domainSetVcpusFlags,
  domainSuspend,
  domainUndefineFlags,
  lifecycle,
  metadataChange,
  tunable,
  vcpuRemoved,
} from '@coreshift/libvirt'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Bench, call, define, refusal, remove, vcpuLines, watch, xmlOf } from './bench.ts'

const LIVE = 1
const CONFIG = 2
const MAXIMUM = 4
const GUEST = 8
const ASYNC = 32

/**
 * What a host does, whether simulated or real. It runs against both, so that the simulation cannot drift from the truth:
 * a rule that holds on one side only belongs into the README's table of intended differences or is a mistake.
 */
export function conformanceSuite(title: string, open: () => Promise<Bench>): void {
  let bench: Bench
  const prefix = `conformance-${process.pid}`

  beforeAll(async () => {
    bench = await open()
  })
  afterAll(() => bench.end())

  const counts = async (domain: DomainRef): Promise<{ live: number; config: number }> => ({
    live: (await call(bench, domainGetVcpusFlags, { domain, flags: LIVE })).count,
    config: (await call(bench, domainGetVcpusFlags, { domain, flags: CONFIG })).count,
  })
  const setCount = (domain: DomainRef, count: number, flags: number) =>
    call(bench, domainSetVcpusFlags, { domain, count, flags })
  const setChosen = (domain: DomainRef, vcpus: string, state: number, flags: number) =>
    call(bench, domainSetVcpu, { domain, vcpus, state, flags })

  describe(`${title}: a domain that is off`, () => {
    let domain: DomainRef
    beforeAll(async () => {
      domain = await define(bench, 'firmware', `${prefix}-off`, randomUUID())
    })
    afterAll(() => remove(bench, domain))

    it('prints its definition in such a way that defining it again changes nothing', async () => {
      const xml = await xmlOf(bench, domain)
      await call(bench, domainDefineXmlFlags, { xml, flags: 0 })
      expect(await xmlOf(bench, domain)).toBe(xml)
    })

    it('is found by name and by UUID, and listed as inactive', async () => {
      expect((await call(bench, domainLookupByName, { name: domain.name })).domain).toEqual({
        ...domain,
        id: -1,
      })
      expect((await call(bench, domainLookupByUuid, { uuid: domain.uuid })).domain).toEqual({
        ...domain,
        id: -1,
      })
      const { domains } = await call(bench, connectListAllDomains, { needResults: 1, flags: 2 })
      expect(domains).toContainEqual({ ...domain, id: -1 })
    })

    it('counts its stored vCPUs and refuses to speak of live ones', async () => {
      const count = (flags: number) => call(bench, domainGetVcpusFlags, { domain, flags })
      expect([
        (await count(0)).count,
        (await count(CONFIG)).count,
        (await count(CONFIG | MAXIMUM)).count,
      ]).toEqual([2, 2, 8])
      expect(await refusal(bench, domainGetVcpusFlags, { domain, flags: LIVE })).toBe('55 from 20')
      expect(await refusal(bench, domainGetMaxVcpus, { domain })).toBe('55 from 20')
      expect(await refusal(bench, domainGetVcpus, { domain, maxInfo: 8, mapLength: 1 })).toBe('55 from 10')
      expect(await refusal(bench, domainSetVcpusFlags, { domain, count: 3, flags: LIVE })).toBe('55 from 20')
      expect(await refusal(bench, domainGetJobInfo, { domain })).toBe('55 from 20')
      expect(await refusal(bench, domainDestroyFlags, { domain, flags: 0 })).toMatch(/^55 /)
    })

    it('changes its stored vCPUs by number, and marks what it adds as it is told', async () => {
      await setCount(domain, 4, CONFIG)
      expect(vcpuLines(await xmlOf(bench, domain))).toEqual(["<vcpu placement='static' current='4'>8</vcpu>"])
      await setCount(domain, 2, CONFIG)
      await setCount(domain, 3, CONFIG | 16)
      expect(vcpuLines(await xmlOf(bench, domain))).toEqual([
        "<vcpu placement='static' current='3'>8</vcpu>",
        "<vcpu id='0' enabled='yes' hotpluggable='no'/>",
        "<vcpu id='1' enabled='yes' hotpluggable='no'/>",
        "<vcpu id='2' enabled='yes' hotpluggable='yes'/>",
        "<vcpu id='3' enabled='no' hotpluggable='yes'/>",
        "<vcpu id='4' enabled='no' hotpluggable='yes'/>",
        "<vcpu id='5' enabled='no' hotpluggable='yes'/>",
        "<vcpu id='6' enabled='no' hotpluggable='yes'/>",
        "<vcpu id='7' enabled='no' hotpluggable='yes'/>",
      ])
    })

    it('changes chosen stored vCPUs, but neither the first nor one before a fixed one', async () => {
      await setChosen(domain, '5-6', 1, CONFIG)
      expect(vcpuLines(await xmlOf(bench, domain))[6]).toBe("<vcpu id='5' enabled='yes' hotpluggable='yes'/>")
      await setChosen(domain, '5-6', 0, CONFIG)
      const set = (vcpus: string, state: number) =>
        refusal(bench, domainSetVcpu, { domain, vcpus, state, flags: CONFIG })
      expect(await set('0', 0)).toBe('8 from 10')
      expect(await set('8', 1)).toBe('8 from 10')
      expect(await set('abc', 1)).toBe('8 from 0')
    })

    it('raises and lowers its maximum', async () => {
      await setCount(domain, 12, CONFIG | MAXIMUM)
      expect((await call(bench, domainGetVcpusFlags, { domain, flags: CONFIG | MAXIMUM })).count).toBe(12)
      await setCount(domain, 8, CONFIG | MAXIMUM)
      expect(vcpuLines(await xmlOf(bench, domain))).toHaveLength(9)
      expect(await refusal(bench, domainSetVcpusFlags, { domain, count: 9, flags: CONFIG })).toBe('8 from 10')
    })

    it('refuses definitions that are none', async () => {
      const defined = (xml: string) => refusal(bench, domainDefineXmlFlags, { xml, flags: 0 })
      expect(await defined('<domain')).toBe('35 from 20')
      expect(await defined("<domain type='qemu'><name>bad</name></domain>")).toBe('27 from 20')
      const other = (await xmlOf(bench, domain)).replace(domain.uuid, randomUUID())
      expect(await defined(other)).toBe('9 from 20')
    })

    it('keeps and gives back metadata', async () => {
      const uri = 'http://example.org/conformance'
      const set = (
        type: number,
        metadata: string | null,
        key: string | null = null,
        at: string | null = null,
      ) => call(bench, domainSetMetadata, { domain, type, metadata, key, uri: at, flags: CONFIG })
      const get = async (type: number, at: string | null = null) =>
        (await call(bench, domainGetMetadata, { domain, type, uri: at, flags: CONFIG })).metadata
      const changes = await watch(bench, metadataChange, domain)
      await set(0, 'a "description" with <marks> & \'more\'')
      await set(1, 'a title')
      await set(2, '<a b="1"><c>text</c><d/></a>', 'x', uri)
      expect([await get(0), await get(1)]).toEqual(['a "description" with <marks> & \'more\'', 'a title'])
      expect(await get(2, uri)).toBe('<a b="1">\n  <c>text</c>\n  <d/>\n</a>')
      const xml = await xmlOf(bench, domain)
      expect(xml).toContain(
        '  <title>a title</title>\n  <description>a &quot;description&quot; with &lt;marks&gt; &amp; &apos;more&apos;</description>\n',
      )
      expect(xml).toContain(
        `  <metadata>\n    <x:a xmlns:x="${uri}" b="1">\n      <x:c>text</x:c>\n      <x:d/>\n    </x:a>\n  </metadata>\n`,
      )
      await set(2, null, null, uri)
      expect(await refusal(bench, domainGetMetadata, { domain, type: 2, uri, flags: CONFIG })).toBe(
        '80 from 20',
      )
      await bench.waitFor(() => changes.length >= 4, 'an event for each change of metadata')
      expect(changes.map(({ type, uri: at }) => [type, at])).toEqual([
        [0, null],
        [1, null],
        [2, uri],
        [2, uri],
      ])
    })
  })

  describe(`${title}: a domain that runs firmware only`, () => {
    let domain: DomainRef
    beforeAll(async () => {
      const defined = await define(bench, 'firmware', `${prefix}-plain`, randomUUID())
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
      await setCount(domain, 4, LIVE)
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
      expect(await counts(domain)).toEqual({ live: 4, config: 2 })
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
      await setCount(domain, 3, LIVE | ASYNC)
      await setCount(domain, 3, LIVE | ASYNC)
      await setChosen(domain, '3', 0, LIVE | 4)
      expect((await counts(domain)).live).toBe(4)
    })

    it('times out with code 68 after five seconds in the synchronous form', async () => {
      expect(await refusal(bench, domainSetVcpusFlags, { domain, count: 3, flags: LIVE })).toBe('68 from 10')
      expect((await counts(domain)).live).toBe(4)
    })

    it('writes the stored definition at once when live, config and async come together', async () => {
      await setCount(domain, 3, CONFIG)
      await setCount(domain, 3, LIVE | CONFIG | ASYNC)
      expect(await counts(domain)).toEqual({ live: 4, config: 3 })
      await setCount(domain, 2, CONFIG)
    })

    it('leaves a hole where a chosen vCPU was added', async () => {
      await setChosen(domain, '6', 1, LIVE)
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

  describe(`${title}: a guest with an agent that lets vCPUs go`, () => {
    let domain: DomainRef
    let removed: { vcpuId: number }[]
    beforeAll(async () => {
      const defined = await define(bench, 'agent', `${prefix}-agent`, randomUUID())
      const agent = await watch(bench, agentLifecycle, defined)
      domain = (await call(bench, domainCreateWithFlags, { domain: defined, flags: 0 })).domain
      await bench.waitFor(() => agent.some(({ state }) => state === AgentState.CONNECTED), 'the agent')
      expect(agent.map(({ state, reason }) => [state, reason])).toEqual([
        [2, 1],
        [1, 2],
      ])
      removed = await watch(bench, vcpuRemoved, domain)
    })
    afterAll(() => remove(bench, domain))

    const online = async (): Promise<string | undefined> =>
      (await call(bench, domainGetGuestVcpus, { domain, flags: 0 })).params.string('online')
    const live = async (): Promise<number> => (await counts(domain)).live

    it('shows the agent’s state in its live XML', async () => {
      expect(await xmlOf(bench, domain)).toContain(
        "<target type='virtio' name='org.qemu.guest_agent.0' state='connected'/>",
      )
    })

    it('tells its vCPUs as the guest sees them, and sets them on and off', async () => {
      const { params } = await call(bench, domainGetGuestVcpus, { domain, flags: 0 })
      expect(params.toObject()).toEqual({ vcpus: '0-1', online: '0-1', offlinable: '1' })
      await call(bench, domainSetGuestVcpus, { domain, vcpus: '1', state: 0, flags: 0 })
      expect(await online()).toBe('0')
      expect((await call(bench, domainGetVcpusFlags, { domain, flags: GUEST })).count).toBe(1)
      await setCount(domain, 2, GUEST)
      expect(await online()).toBe('0-1')
      expect(await refusal(bench, domainSetGuestVcpus, { domain, vcpus: '0', state: 0, flags: 0 })).toBe(
        '84 from 10',
      )
      expect(await refusal(bench, domainSetVcpusFlags, { domain, count: 5, flags: GUEST })).toBe('8 from 10')
    })

    it('tells about its system', async () => {
      const { params } = await call(bench, domainGetGuestInfo, { domain, types: 2 | 8, flags: 0 })
      expect(params.string('os.machine')).toBe('x86_64')
      expect(params.string('hostname')).not.toBe('')
      expect(await refusal(bench, domainGetGuestInfo, { domain, types: 4096, flags: 0 })).toBe('8 from 10')
    })

    it('brings an added vCPU online', async () => {
      await setCount(domain, 4, LIVE)
      expect(await live()).toBe(4)
      await bench.waitFor(async () => (await online()) === '0-3', 'the guest to use its new vCPUs')
    })

    it('lets chosen vCPUs go: accepted at once, gone later, with an event', async () => {
      await setChosen(domain, '3', 0, LIVE | 4)
      await bench.waitFor(() => removed.length >= 1, 'the event of vCPU 3')
      await bench.waitFor(async () => (await live()) === 3, 'the count to follow')
      expect(removed.map(({ vcpuId }) => vcpuId)).toEqual([3])
      expect(vcpuLines(await xmlOf(bench, domain))[4]).toBe(
        "<vcpu id='3' enabled='no' hotpluggable='yes' order='4'/>",
      )
    })

    it('goes back to the number it booted with, and not below', async () => {
      await setCount(domain, 2, LIVE | ASYNC)
      await bench.waitFor(async () => (await live()) === 2, 'the removal')
      await bench.waitFor(() => removed.length >= 2, 'the event of vCPU 2')
      expect(removed.map(({ vcpuId }) => vcpuId)).toEqual([3, 2])
      expect(await refusal(bench, domainSetVcpusFlags, { domain, count: 1, flags: LIVE | ASYNC })).toBe(
        '67 from 10',
      )
    })

    it('sends the event for a synchronous removal too', async () => {
      await setCount(domain, 3, LIVE)
      await bench.waitFor(async () => (await online()) === '0-2', 'the guest to use its new vCPU')
      await setCount(domain, 2, LIVE)
      expect(await live()).toBe(2)
      expect(vcpuLines(await xmlOf(bench, domain)).slice(3, 5)).toEqual([
        "<vcpu id='2' enabled='no' hotpluggable='yes'/>",
        "<vcpu id='3' enabled='no' hotpluggable='yes'/>",
      ])
      await bench.waitFor(() => removed.length >= 3, 'the event')
    })
  })

  describe(`${title}: a ppc64le guest whose vCPUs move in pairs`, () => {
    let domain: DomainRef
    let removed: { vcpuId: number }[]
    beforeAll(async () => {
      const defined = await define(bench, 'ppc', `${prefix}-ppc`, randomUUID())
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
      await setCount(domain, 6, LIVE)
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
        if ((await counts(domain)).live === 4) return true
        await setChosen(domain, '4-5', 0, LIVE | 4).catch(() => undefined)
        await bench.pause(1500)
        return false
      }, 'the removal of a pair')
      await bench.waitFor(() => removed.length >= 2, 'two events')
      expect(removed.map(({ vcpuId }) => vcpuId).toSorted((a, b) => a - b)).toEqual([4, 5])
      expect(failures.every(({ deviceAlias }) => deviceAlias === 'vcpu4')).toBe(true)
    })
  })
}
