import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defineDomain, domainXml } from '../hypervisor/define-domain.ts'
import { DemoHost } from '../hypervisor/demo-host.ts'
import { LibvirtFault } from '../hypervisor/libvirt-fault.ts'
import { VirtualClock } from '../time/virtual-clock.ts'
import { vcpuCount } from './domain-definition.ts'
import { readDomainXml } from './read-domain-xml.ts'
import { writeDomainXml } from './write-domain-xml.ts'

const host = () => new DemoHost({ name: 'lab', clock: new VirtualClock(), seed: 1 })

const domain = (inside: string): string =>
  `<domain type='kvm'><name>n</name><memory unit='MiB'>64</memory><os><type arch='x86_64'>hvm</type></os>${inside}</domain>`

function faultOf(xml: string): string {
  try {
    readDomainXml(xml, '00000000-0000-4000-8000-000000000000')
  } catch (error) {
    if (error instanceof LibvirtFault) return `${error.code}: ${error.detail}`
    throw error
  }
  throw new Error('the XML was taken')
}

describe('a definition that libvirt 12.8.0 printed', () => {
  it.each(['libvirt-12.8-agent.xml', 'libvirt-12.8-ppc.xml'])(
    '%s is printed the same to the byte',
    (name) => {
      const xml = `${readFileSync(new URL(`../../test/fixtures/${name}`, import.meta.url), 'utf8').trimEnd()}\n`
      expect(domainXml(defineDomain(host(), xml), 2)).toBe(xml)
    },
  )
})

describe('what is missing', () => {
  it('is filled in as libvirt does', () => {
    const xml = domainXml(defineDomain(host(), domain('<vcpu>2</vcpu>')), 2)
    expect(xml).toContain(
      "<memory unit='KiB'>65536</memory>\n  <currentMemory unit='KiB'>65536</currentMemory>",
    )
    expect(xml).toContain("<type arch='x86_64' machine='pc-i440fx-11.1'>hvm</type>\n    <boot dev='hd'/>")
    expect(xml).toContain('<on_reboot>restart</on_reboot>')
    expect(xml).toContain('<emulator>/usr/bin/qemu-system-x86_64</emulator>')
    expect(xml).toMatch(/<uuid>[0-9a-f]{8}-[0-9a-f]{4}-4/)
  })

  it('clusters are left out where libvirt does not know them yet', () => {
    const cpu = "<vcpu>4</vcpu><cpu><topology sockets='2' cores='2' threads='1'/></cpu>"
    const old = new DemoHost({ name: 'old', version: '9.0.0', clock: new VirtualClock(), seed: 1 })
    expect(domainXml(defineDomain(old, domain(cpu)), 2)).toContain(
      "sockets='2' dies='1' cores='2' threads='1'",
    )
    expect(domainXml(defineDomain(host(), domain(cpu)), 2)).toContain("dies='1' clusters='1' cores='2'")
  })
})

describe('a definition is refused', () => {
  const vcpus = (...list: string[]): string =>
    `<vcpu current='2'>4</vcpu><vcpus>${list.map((each, id) => `<vcpu id='${id}' ${each}/>`).join('')}</vcpus>`

  it.each([
    ['<vcpu>0</vcpu>', '27'],
    ["<vcpu current='5'>4</vcpu>", '27: maxvcpus must not be less than current vcpus (4 < 5)'],
    [vcpus("enabled='no' hotpluggable='yes'", "enabled='yes'"), "67: vcpu 0 can't be offline"],
    [vcpus("enabled='yes' hotpluggable='yes'", "enabled='yes'"), "67: vcpu0 can't be hotpluggable"],
    [vcpus("enabled='yes' order='2'", "enabled='yes' order='1'"), '67: vcpu0 must be enabled first'],
    [vcpus("enabled='yes' order='1'", "enabled='yes'"), '67: all vcpus must have either set or unset order'],
    [
      vcpus("enabled='yes'", "enabled='no'", "enabled='yes' hotpluggable='no'"),
      '67: online non-hotpluggable vcpus need to be ordered prior to hotpluggable vcpus',
    ],
    [
      "<vcpu>4</vcpu><cpu><topology sockets='1' cores='2' threads='1'/></cpu>",
      "67: CPU topology doesn't match",
    ],
    ["<vcpu>2</vcpu><cpu><topology sockets='0' cores='2' threads='1'/></cpu>", '27'],
  ])('%s', (inside, expected) => {
    expect(faultOf(domain(inside))).toContain(expected)
  })

  it.each([
    ['not xml', '35'],
    ['<network/>', '27'],
    ['<!DOCTYPE d [<!ENTITY a "b">]><domain/>', '35'],
    [`<!DOCTYPE d SYSTEM "file:///etc/passwd"><domain type='kvm'/>`, '35'],
    ["<domain type='qemu'><name>bad</name></domain>", '27: an os <type> must be specified'],
  ])('%s', (xml, expected) => {
    expect(faultOf(xml)).toContain(expected)
  })
})

describe('reading what was written', () => {
  const texts = fc.string({
    unit: fc.constantFrom('a', 'ü', '<', '&', '"', "'", ' ', '>', '1'),
    minLength: 1,
  })

  it('gives back titles, descriptions, vCPUs and pins, whatever they are', () => {
    fc.assert(
      fc.property(
        texts.filter((text) => text.trim() !== ''),
        fc.array(fc.record({ online: fc.boolean(), hotpluggable: fc.boolean() }), { maxLength: 12 }),
        fc.dictionary(fc.integer({ min: 0, max: 12 }).map(String), fc.constantFrom('0-3', '1,3', '7')),
        (text, slots, pins) => {
          const definition = readDomainXml(domain('<vcpu>1</vcpu>'), '00000000-0000-4000-8000-000000000000')
          definition.title = text
          definition.description = text
          // Fixed ones first, as libvirt wants it; what is off can always be plugged.
          const rest = slots
            .map(({ online, hotpluggable }) => ({ online, hotpluggable: hotpluggable || !online, order: 0 }))
            .toSorted((a, b) => Number(a.hotpluggable) - Number(b.hotpluggable))
          definition.vcpus = [{ online: true, hotpluggable: false, order: 0 }, ...rest]
          definition.individualVcpus = true
          definition.pins = new Map(
            Object.entries(pins).flatMap(([vcpu, cpus]) =>
              Number(vcpu) < definition.vcpus.length ? [[Number(vcpu), cpus] as const] : [],
            ),
          )
          const again = readDomainXml(writeDomainXml(definition), '')
          expect(again.title).toBe(text)
          expect(again.description).toBe(text)
          expect(again.vcpus).toEqual(definition.vcpus)
          expect(again.pins).toEqual(definition.pins)
          expect(vcpuCount(again)).toBe(vcpuCount(definition))
        },
      ),
    )
  })
})
