import { randomUUID } from 'node:crypto'
import {
  connectListAllDomains,
  domainDefineXmlFlags,
  domainDestroyFlags,
  domainGetJobInfo,
  domainGetMaxVcpus,
  domainGetMetadata,
  domainGetVcpus,
  domainGetVcpusFlags,
  domainLookupByName,
  domainLookupByUuid,
  type DomainRef,
  domainSetMetadata,
  domainSetVcpu,
  domainSetVcpusFlags,
  metadataChange,
} from '@coreshift/libvirt'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Bench, call, define, refusal, remove, vcpuLines, watch, xmlOf } from './bench.ts'
import { LIVE, CONFIG, MAXIMUM, setCount, setChosen } from './vcpu-calls.ts'

/**
 * A domain that is off: its definition, its stored vCPUs and its metadata.
 * @param opened the host, once the tests run
 * @param name of the domain, which nobody else uses
 */
export function offDomain(title: string, opened: () => Bench, name: string): void {
  describe(`${title}: a domain that is off`, () => {
    let bench: Bench
    let domain: DomainRef
    beforeAll(async () => {
      bench = opened()
      domain = await define(bench, 'firmware', name, randomUUID())
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
      await setCount(bench, domain, 4, CONFIG)
      expect(vcpuLines(await xmlOf(bench, domain))).toEqual(["<vcpu placement='static' current='4'>8</vcpu>"])
      await setCount(bench, domain, 2, CONFIG)
      await setCount(bench, domain, 3, CONFIG | 16)
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
      await setChosen(bench, domain, '5-6', 1, CONFIG)
      expect(vcpuLines(await xmlOf(bench, domain))[6]).toBe("<vcpu id='5' enabled='yes' hotpluggable='yes'/>")
      await setChosen(bench, domain, '5-6', 0, CONFIG)
      const set = (vcpus: string, state: number) =>
        refusal(bench, domainSetVcpu, { domain, vcpus, state, flags: CONFIG })
      expect(await set('0', 0)).toBe('8 from 10')
      expect(await set('8', 1)).toBe('8 from 10')
      expect(await set('abc', 1)).toBe('8 from 0')
    })

    it('raises and lowers its maximum', async () => {
      await setCount(bench, domain, 12, CONFIG | MAXIMUM)
      expect((await call(bench, domainGetVcpusFlags, { domain, flags: CONFIG | MAXIMUM })).count).toBe(12)
      await setCount(bench, domain, 8, CONFIG | MAXIMUM)
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
}
