import { describe, expect, it } from 'vitest'
import { domainFile } from '../../test/read-domain-file.ts'
import { enabledIds } from './domain-definition.ts'
import { DomainXmlError, parseDomainXml } from './parse-domain-xml.ts'

function domain(inside: string): string {
  return `<domain type='kvm'><name>vm</name><uuid>7E4F0C9A-0D55-4F0C-9B3C-2C7D1E5A0001</uuid><os><type arch='x86_64' machine='pc-q35-9.0'>hvm</type></os>${inside}</domain>`
}

describe('a domain XML of a real host', () => {
  it('gives the running ppc64le machine with its threads and fixed boot vCPUs', () => {
    const ppc = parseDomainXml(domainFile('ppc64-running-12.8'))
    expect(ppc).toMatchObject({
      name: 'ppc',
      arch: 'ppc64le',
      machine: 'pseries-11.1',
      domainType: 'qemu',
      vcpuMax: 32,
      topology: { sockets: 16, dies: 1, clusters: 1, cores: 1, threads: 2 },
      topologyDeclared: true,
      osinfoId: 'http://debian.org/debian/13',
      agent: 'none',
    })
    expect(ppc.domainId).toBeGreaterThan(0)
    expect(enabledIds(ppc)).toEqual([0, 1, 2, 3])
    expect(ppc.vcpus.filter((vcpu) => !vcpu.hotpluggable).map((vcpu) => vcpu.id)).toEqual([0, 1, 2, 3])
  })

  it('tells a stored definition by its missing id', () => {
    expect(parseDomainXml(domainFile('x86-stored-12.8')).domainId).toBeUndefined()
  })

  it('sees the guest agent channel', () => {
    expect(parseDomainXml(domainFile('x86-agent-12.8')).agent).toBe('connected')
  })
})

describe('a definition without a list of vCPUs', () => {
  it('counts from 0 and takes boot vCPUs for fixed, as libvirt does', () => {
    const parsed = parseDomainXml(domain(`<vcpu current='2'>4</vcpu>`))
    expect(parsed.vcpus).toEqual([
      { id: 0, enabled: true, hotpluggable: false },
      { id: 1, enabled: true, hotpluggable: false },
      { id: 2, enabled: false, hotpluggable: true },
      { id: 3, enabled: false, hotpluggable: true },
    ])
  })

  it('has one core per socket when it has no topology', () => {
    const parsed = parseDomainXml(domain(`<vcpu>4</vcpu>`))
    expect(parsed).toMatchObject({ topologyDeclared: false, topology: { sockets: 4, cores: 1, threads: 1 } })
  })
})

it('reads pinning and NUMA cells by vCPU id', () => {
  const parsed = parseDomainXml(
    domain(
      `<vcpu>4</vcpu><cputune><vcpupin vcpu='1' cpuset='0-3,^2'/></cputune><cpu><numa><cell id='0' cpus='0-1'/><cell id='1' cpus='2-3'/></numa></cpu>`,
    ),
  )
  expect([...parsed.pinning]).toEqual([[1, '0-3,^2']])
  expect([...parsed.cells]).toEqual([
    [0, 0],
    [1, 0],
    [2, 1],
    [3, 1],
  ])
})

it("reads an administrator's word on the guest OS from our own metadata", () => {
  const parsed = parseDomainXml(
    domain(`<metadata><c:vm xmlns:c="urn:coreshift:domain:1" guest-os="rhel-9"/></metadata><vcpu>1</vcpu>`),
  )
  expect(parsed.guestOsOverride).toBe('rhel-9')
})

it('writes the UUID in lower case', () => {
  expect(parseDomainXml(domain('<vcpu>1</vcpu>')).uuid).toBe('7e4f0c9a-0d55-4f0c-9b3c-2c7d1e5a0001')
})

describe('what is no domain XML is refused with what is wrong', () => {
  it.each([
    ['', /not well-formed/],
    ['<domain', /not well-formed/],
    [`<domain type='kvm'><name>x</name><vcpu>1</vcpu></domain>`, /os\/type is missing/],
    [domain(`<vcpu>many</vcpu>`), /vcpu is "many", not a whole number/],
  ])('%s', (xml, message) => {
    expect(() => parseDomainXml(xml)).toThrow(DomainXmlError)
    expect(() => parseDomainXml(xml)).toThrow(message)
  })

  it('entities have no place in it', () => {
    const bomb = `<!DOCTYPE domain [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>${domain('<vcpu>1</vcpu><title>&b;</title>')}`
    expect(() => parseDomainXml(bomb)).toThrow(/document type declaration/)
  })
})
