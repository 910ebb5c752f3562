import { randomUUID } from 'node:crypto'
import {
  connect,
  CreateFlags,
  DefineFlags,
  domainCreateXml,
  domainDefineXmlFlags,
  domainDestroyFlags,
  domainGetXmlDesc,
  domainSetVcpu,
  domainSetVcpusFlags,
  domainUndefineFlags,
  LibvirtError,
  SetVcpuFlags,
  VcpuFlags,
  XmlFlags,
  type Connection,
  type DomainRef,
} from '@coreshift/libvirt'
import {
  changedDefinition,
  formatVcpuRanges,
  hotplugUnitSize,
  SelectionLadder,
  selectChosenVcpus,
  type DefinitionFacts,
} from '@coreshift/shared'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseDomainXml } from '../../src/inventory/parse-domain-xml.ts'
import { previewDefinition, previewUndo } from '../../src/prepare/preview-definition.ts'

// What the sockets rules say about libvirt, said by libvirt itself. The machines are paused and have no guest:
// adding vCPUs needs none, and what cannot be removed is refused before a guest is asked.

const UNITS = 8
const CALL_MS = 60_000

interface Layout {
  readonly arch: 'x86_64' | 'ppc64le'
  /** Present cores (Power) or vCPUs (x86). */
  readonly present: readonly number[]
  /** How many of the lowest of these are fixed. */
  readonly fixed: number
}

const layouts: readonly Layout[] = [
  { arch: 'x86_64', present: [0, 1, 2, 3], fixed: 4 },
  { arch: 'x86_64', present: [0, 1, 2, 3], fixed: 1 },
  { arch: 'x86_64', present: [0, 3, 5], fixed: 1 },
  { arch: 'x86_64', present: [0, 1, 6, 7], fixed: 2 },
  { arch: 'ppc64le', present: [0, 1, 2, 3], fixed: 4 },
  { arch: 'ppc64le', present: [0, 1, 4], fixed: 2 },
  { arch: 'ppc64le', present: [0, 2, 7], fixed: 1 },
]

const MACHINES = {
  x86_64: {
    threads: 1,
    machine: 'q35',
    model: 'qemu64',
    emulator: 'x86_64',
    features: '<features><acpi/></features>',
  },
  ppc64le: { threads: 2, machine: 'pseries', model: 'POWER9', emulator: 'ppc64', features: '' },
} as const

function domainXml(name: string, { arch, present, fixed }: Layout): string {
  const { threads, machine, model, emulator, features } = MACHINES[arch]
  const fixedUnits = present.slice(0, fixed)
  const entry = (id: number) => {
    const unit = Math.floor(id / threads)
    const enabled = present.includes(unit) ? 'yes' : 'no'
    return `<vcpu id='${id}' enabled='${enabled}' hotpluggable='${fixedUnits.includes(unit) ? 'no' : 'yes'}'/>`
  }
  return `<domain type='qemu'>
  <name>${name}</name>
  <uuid>${randomUUID()}</uuid>
  <memory unit='MiB'>256</memory>
  <vcpu>${UNITS * threads}</vcpu>
  <vcpus>${Array.from({ length: UNITS * threads }, (_, id) => entry(id)).join('')}</vcpus>
  <os><type arch='${arch}' machine='${machine}'>hvm</type></os>
  ${features}
  <cpu mode='custom' match='exact' check='none'>
    <model fallback='allow'>${model}</model>
    <topology sockets='${UNITS}' cores='1' threads='${threads}'/>
  </cpu>
  <devices>
    <emulator>/usr/bin/qemu-system-${emulator}</emulator>
    <controller type='usb' model='none'/>
    <memballoon model='none'/>
  </devices>
</domain>`
}

function realUri(): string {
  const uri = process.env['CORESHIFT_REAL_URI']
  if (uri === undefined || uri === '') {
    throw new Error('these tests need CORESHIFT_REAL_URI, such as the URI that `npm run host:status` prints')
  }
  return uri
}

let connection: Connection

async function definitionOf(
  domain: DomainRef,
  flags = 0,
): Promise<{ facts: DefinitionFacts; unitSize: number }> {
  const { xml } = await connection.call(domainGetXmlDesc, { domain, flags })
  const { topology, topologyDeclared, vcpuMax, vcpus, arch } = parseDomainXml(xml)
  const plain = vcpus.map(({ id, enabled, hotpluggable }) => ({ id, enabled, hotpluggable }))
  return {
    facts: { topology, topologyDeclared, maximum: vcpuMax, vcpus: plain },
    unitSize: hotplugUnitSize(arch, topology),
  }
}

function presentIds(facts: DefinitionFacts): number[] {
  return facts.vcpus.filter((vcpu) => vcpu.enabled).map((vcpu) => vcpu.id)
}

async function setCount(domain: DomainRef, count: number): Promise<void> {
  await connection.call(domainSetVcpusFlags, { domain, count, flags: VcpuFlags.LIVE })
}

beforeAll(async () => {
  connection = await connect(realUri(), { timeoutMs: CALL_MS })
})

afterAll(async () => {
  await connection.close()
})

describe.each(layouts)('$arch with units $present, $fixed of them fixed', (layout) => {
  let domain: DomainRef

  beforeAll(async () => {
    const xml = domainXml(`coreshift-rules-${randomUUID().slice(0, 8)}`, layout)
    domain = (await connection.call(domainCreateXml, { xml, flags: CreateFlags.PAUSED })).domain
  })

  afterAll(async () => {
    await connection.call(domainDestroyFlags, { domain, flags: 0 })
  })

  it('libvirt refuses every count that the rules call impossible', async () => {
    const { facts, unitSize } = await definitionOf(domain)
    const ladder = new SelectionLadder(facts, unitSize)
    const impossible = Array.from({ length: facts.maximum + 2 }, (_, count) => count).filter(
      (count) => ladder.problemOf(count) !== undefined,
    )
    expect(impossible).toContain(0)
    expect(impossible).toContain(facts.maximum + 1)
    for (const count of impossible) {
      await expect(setCount(domain, count), `${count} vCPUs`).rejects.toBeInstanceOf(LibvirtError)
    }
  })

  it('libvirt refuses the removal of chosen vCPUs that the rules refuse', async () => {
    const { facts, unitSize } = await definitionOf(domain)
    const impossible = facts.vcpus
      .map(({ id }) => [id])
      .filter((ids) => !selectChosenVcpus(facts, unitSize, ids).ok)
    expect(impossible).toContainEqual([0])
    for (const ids of impossible) {
      const args = { domain, vcpus: formatVcpuRanges(ids), state: 0, flags: SetVcpuFlags.LIVE }
      await expect(connection.call(domainSetVcpu, args), `vCPU ${ids.join()}`).rejects.toBeInstanceOf(
        LibvirtError,
      )
    }
  })

  it('libvirt adds exactly the vCPUs that the rules name, up to the maximum', async () => {
    const first = await definitionOf(domain)
    const step = first.unitSize
    for (let count = presentIds(first.facts).length + step; count <= first.facts.maximum; count += step) {
      const { facts, unitSize } = await definitionOf(domain)
      const selection = new SelectionLadder(facts, unitSize).select(count)
      const added = selection.ok ? selection.add : []
      await setCount(domain, count)
      const expected = [...presentIds(facts), ...added].sort((a, b) => a - b)
      expect(presentIds((await definitionOf(domain)).facts)).toEqual(expected)
    }
    const { facts } = await definitionOf(domain)
    expect(presentIds(facts)).toHaveLength(facts.maximum)
  })
})

describe.each(['x86_64', 'ppc64le'] as const)('a stored definition on %s', (arch) => {
  it('is taken by libvirt as prepared, and is as before after the undo', async () => {
    const name = `coreshift-prepare-${randomUUID().slice(0, 8)}`
    const xml = domainXml(name, { arch, present: [0, 1, 2, 3], fixed: 4 })
    const define = async (text: string) =>
      (await connection.call(domainDefineXmlFlags, { xml: text, flags: DefineFlags.VALIDATE })).domain
    const domain = await define(xml)
    try {
      const read = async () =>
        (await connection.call(domainGetXmlDesc, { domain, flags: XmlFlags.INACTIVE })).xml
      const before = await read()
      const { facts } = await definitionOf(domain, XmlFlags.INACTIVE)
      const target = changedDefinition(facts, arch, { socketsMax: 16, removable: true })
      const preview = previewDefinition(before, target)
      await define(preview.xml)
      expect((await definitionOf(domain, XmlFlags.INACTIVE)).facts).toEqual(target)
      await define(previewUndo(await read(), preview.kept).xml)
      expect(await read()).toBe(before)
    } finally {
      await connection.call(domainUndefineFlags, { domain, flags: 0 })
    }
  })
})
