import { readFileSync, readdirSync } from 'node:fs'
import { changedDefinition, type DefinitionFacts } from '@coreshift/shared'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DomainXmlError, parseDomainXml } from '../inventory/parse-domain-xml.ts'
import { printDomain, withDomain } from './domain-document.ts'
import { putBackDefinition, keepDefinition, KeptDefinition } from './keep-definition.ts'
import { previewDefinition, previewUndo } from './preview-definition.ts'
import { writeDefinition } from './write-definition.ts'

const FOLDER = new URL('domain-xml/', import.meta.url)
const recorded = readdirSync(FOLDER).map((name) => ({
  name,
  xml: readFileSync(new URL(name, FOLDER), 'utf8'),
}))

/** As libvirt never prints it: elements it does not know, comments, a list with orders, one line of everything. */
const unusual = {
  name: 'unusual',
  xml: `<domain type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'><name>a &amp; b &lt;1&gt;</name><!-- kept -->
  <uuid>11111111-2222-4333-8444-777777777777</uuid>
  <metadata><x:vm xmlns:x='urn:x' x:at="1 &quot;2&quot;"><![CDATA[<raw>]]></x:vm></metadata>
  <vcpu placement='static' cpuset='0-3' current='2'>4</vcpu>
  <vcpus><vcpu id='0' enabled='yes' hotpluggable='no' order='1'/><vcpu id='1' enabled='yes' hotpluggable='no' order='2' vendor='x'/><vcpu id='2' enabled='no' hotpluggable='yes'/><vcpu id='3' enabled='no' hotpluggable='yes'/></vcpus>
  <cputune><vcpupin vcpu='1' cpuset='2'/></cputune>
  <os><type arch='x86_64' machine='pc-q35-9.2'>hvm</type></os>
  <cpu mode='host-model'><model fallback='allow'/><numa><cell id='0' cpus='0-3' memory='1' unit='GiB'/></numa></cpu>
  <vendor:thing xmlns:vendor='urn:vendor'>später</vendor:thing>
  <qemu:commandline><qemu:arg value='-x'/></qemu:commandline>
</domain>
`,
}
const bare = {
  name: 'bare',
  xml: "<domain type='qemu'><name>b</name><uuid>11111111-2222-4333-8444-777777777777</uuid><memory>1</memory><os><type arch='x86_64' machine='q35'>hvm</type></os></domain>",
}
const all = [...recorded, unusual, bare]

function factsOf(xml: string): DefinitionFacts {
  const { topology, topologyDeclared, vcpuMax, vcpus } = parseDomainXml(xml)
  return {
    topology,
    topologyDeclared,
    maximum: vcpuMax,
    vcpus: vcpus.map(({ id, enabled, hotpluggable }) => ({ id, enabled, hotpluggable })),
  }
}

/** The document without what preparing may touch, in canonical form. */
function restOf(xml: string): string {
  return withDomain(xml, (domain) => {
    for (const path of ['vcpu', 'vcpus', 'cpu/topology', 'cpu/numa/cell/@cpus'])
      for (const node of domain.find(path)) node.remove()
    const emptyCpu = domain.get('cpu[not(@*) and not(*)]')
    emptyCpu?.remove()
    return domain.canonicalizeToString().replaceAll(/>\s+/g, '>').replaceAll(/\s+</g, '<')
  })
}

function normal(xml: string): string {
  return withDomain(xml, (_domain, document) => printDomain(document))
}

const wishes = fc.record({
  socketsMax: fc.integer({ min: 32, max: 40 }),
  sockets: fc.integer({ min: 1, max: 32 }),
  cores: fc.integer({ min: 1, max: 2 }),
  dies: fc.integer({ min: 1, max: 2 }),
  removable: fc.boolean(),
})

function changed(xml: string, { cores, dies, ...wish }: Wish): DefinitionFacts {
  return changedDefinition(factsOf(xml), parseDomainXml(xml).arch, { ...wish, shape: { cores, dies } })
}
type Wish = typeof wishes extends fc.Arbitrary<infer T> ? T : never

describe.each(all)('the definition $name', ({ xml }) => {
  it('reads as wished after the edit', () => {
    fc.assert(
      fc.property(wishes, (wish) => {
        const target = changed(xml, wish)
        const read = factsOf(writeDefinition(xml, target))
        expect(read).toEqual({ ...target, vcpus: target.vcpus.map(({ pinning: _pinning, ...vcpu }) => vcpu) })
      }),
      { numRuns: 6 },
    )
  })

  it('keeps everything else', () => {
    fc.assert(
      fc.property(wishes, (wish) => {
        expect(restOf(writeDefinition(xml, changed(xml, wish)))).toBe(restOf(xml))
      }),
      { numRuns: 6 },
    )
  })

  it('does not change when the same edit is made again', () => {
    fc.assert(
      fc.property(wishes, (wish) => {
        const target = changed(xml, wish)
        const once = writeDefinition(xml, target)
        expect(writeDefinition(once, target)).toBe(once)
      }),
      { numRuns: 6 },
    )
  })

  it('does not change when it is written as it is', () => {
    const declared = keepDefinition(xml)
    const written = writeDefinition(xml, factsOf(xml))
    expect(factsOf(written)).toEqual(factsOf(xml))
    expect(keepDefinition(written).topology).toEqual(declared.topology)
  })

  it('is as before after an undo, also by way of JSON', () => {
    fc.assert(
      fc.property(wishes, (wish) => {
        const kept = KeptDefinition.parse(JSON.parse(JSON.stringify(keepDefinition(xml))))
        const edited = writeDefinition(xml, changed(xml, wish))
        const undone = putBackDefinition(edited, kept)
        expect(keepDefinition(undone)).toEqual(keepDefinition(xml))
        expect(restOf(undone)).toBe(restOf(xml))
      }),
      { numRuns: 6 },
    )
  })
})

describe('an undo', () => {
  it('leaves what was changed elsewhere in the meantime', () => {
    const [{ xml } = unusual] = recorded
    const kept = keepDefinition(xml)
    const edited = writeDefinition(
      xml,
      changed(xml, { socketsMax: 40, sockets: 4, cores: 1, dies: 1, removable: true }),
    )
    const renamed = edited.replace(/<memory[^>]*>\d+</, '<memory unit="KiB">4242<')
    expect(putBackDefinition(renamed, kept)).toContain('<memory unit="KiB">4242</memory>')
  })

  it('gives back the text of a recorded definition to the letter', () => {
    for (const { xml } of recorded) {
      const edited = writeDefinition(
        xml,
        changed(xml, { socketsMax: 40, sockets: 4, cores: 1, dies: 1, removable: true }),
      )
      expect(putBackDefinition(edited, keepDefinition(xml))).toBe(normal(xml))
    }
  })
})

describe('the preview', () => {
  const power = recorded.find(({ name }) => name.startsWith('power')) ?? unusual

  it('shows the lines that change, with some around', () => {
    const target = changedDefinition(factsOf(power.xml), 'ppc64le', { socketsMax: 4, removable: true })
    const { xml, difference, kept } = previewDefinition(power.xml, target)
    expect(
      difference.map(({ kind, text }) => `${{ same: ' ', removed: '-', added: '+', gap: '…' }[kind]}${text}`),
    ).toEqual([
      '…7',
      '   </metadata>',
      '   <memory unit="KiB">524288</memory>',
      '   <currentMemory unit="KiB">524288</currentMemory>',
      '-  <vcpu placement="static" current="4">32</vcpu>',
      '+  <vcpu placement="static" current="4">8</vcpu>',
      '+  <vcpus>',
      '+    <vcpu id="0" enabled="yes" hotpluggable="no"/>',
      '+    <vcpu id="1" enabled="yes" hotpluggable="no"/>',
      '+    <vcpu id="2" enabled="yes" hotpluggable="yes"/>',
      '+    <vcpu id="3" enabled="yes" hotpluggable="yes"/>',
      '+    <vcpu id="4" enabled="no" hotpluggable="yes"/>',
      '+    <vcpu id="5" enabled="no" hotpluggable="yes"/>',
      '+    <vcpu id="6" enabled="no" hotpluggable="yes"/>',
      '+    <vcpu id="7" enabled="no" hotpluggable="yes"/>',
      '+  </vcpus>',
      '   <os>',
      '     <type arch="ppc64le" machine="pseries-11.1">hvm</type>',
      '     <kernel>/guests/ppc.kernel</kernel>',
      '…3',
      '   </os>',
      '   <cpu mode="custom" match="exact" check="none">',
      '     <model fallback="allow">POWER9</model>',
      '-    <topology sockets="16" dies="1" clusters="1" cores="1" threads="2"/>',
      '+    <topology sockets="4" dies="1" clusters="1" cores="1" threads="2"/>',
      '   </cpu>',
      '   <clock offset="utc"/>',
      '   <on_poweroff>destroy</on_poweroff>',
      '…27',
    ])
    expect(previewUndo(xml, kept).xml).toBe(normal(power.xml))
  })

  it('is empty where nothing changes', () => {
    expect(previewDefinition(power.xml, factsOf(power.xml)).difference).toEqual([])
  })

  it('writes no list and no topology where libvirt assumes the same without', () => {
    const target = changedDefinition(factsOf(bare.xml), 'x86_64', {
      socketsMax: 8,
      sockets: 2,
      removable: false,
    })
    expect(previewDefinition(bare.xml, target).xml).toContain(
      '<memory>1</memory><vcpu current="2">8</vcpu><os>',
    )
  })
})

describe('a document that is no domain of libvirt', () => {
  it.each([
    { title: 'not well-formed', xml: '<domain' },
    { title: 'something else', xml: '<network/>' },
    {
      title: 'with entities of its own',
      xml: '<!DOCTYPE domain [<!ENTITY x SYSTEM "file:///etc/hostname">]><domain><name>&x;</name></domain>',
    },
    { title: 'without memory and name', xml: '<domain/>' },
  ])('is refused: $title', ({ xml }) => {
    const target = factsOf(bare.xml)
    expect(() => writeDefinition(xml, target)).toThrow(DomainXmlError)
  })
})

describe("the guest's NUMA cells", () => {
  const cells = (
    first: string,
    second: string,
  ) => `<domain type='kvm'><name>n</name><uuid>11111111-2222-4333-8444-777777777777</uuid>
  <vcpu>4</vcpu><os><type arch='x86_64' machine='q35'>hvm</type></os>
  <cpu><numa><cell id='0' cpus='${first}' memory='1'/><cell id='1'${second && ` cpus='${second}'`} memory='1'/></numa></cpu></domain>`
  const target = (xml: string, socketsMax: number) =>
    changedDefinition(factsOf(xml), 'x86_64', { socketsMax, sockets: 1, removable: true })
  const cellOf = (xml: string) => [...parseDomainXml(xml).cells]

  it('lose vCPUs that there is no longer room for, and get them back', () => {
    const xml = cells('0,2', '1,3')
    const preview = previewDefinition(xml, target(xml, 2))
    expect(cellOf(preview.xml)).toEqual([
      [0, 0],
      [1, 1],
    ])
    expect(normal(putBackDefinition(preview.xml, preview.kept))).toBe(normal(xml))
    expect(cellOf(writeDefinition(xml, target(xml, 1)))).toEqual([[0, 0]])
  })

  it('lose on undo what libvirt put into the first of them', () => {
    const xml = cells('0-1', '2-3')
    const { kept, xml: prepared } = previewDefinition(xml, target(xml, 8))
    const stored = prepared.replace('cpus="0-1"', 'cpus="0-1,4-7"')
    expect(stored).not.toBe(prepared)
    expect(normal(putBackDefinition(stored, kept))).toBe(normal(xml))
  })

  it('stay as somebody has made them since, as far as there is room', () => {
    const xml = cells('0-3', '')
    const { kept } = previewDefinition(xml, target(xml, 8))
    const others = xml
      .replace('</numa>', '<cell id="2" memory="1"/></numa>')
      .replace('0-3', '0-7')
      .replace('>4<', '>8<')
    expect(cellOf(putBackDefinition(others, kept)).map(([id]) => id)).toEqual([0, 1, 2, 3])
  })
})
