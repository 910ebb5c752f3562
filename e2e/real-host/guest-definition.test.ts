import { describe, expect, it } from 'vitest'
import { guestXml } from './guest-definition.ts'
import { NEW_HOST_GUESTS, OLD_HOST_GUESTS } from './standard-guests.ts'

describe('the definition of a guest', () => {
  it.each([
    { kind: 'ppc', topology: "<topology sockets='16' cores='1' threads='2'/>", machine: 'pseries' },
    { kind: 'x86', topology: "<topology sockets='32' cores='1' threads='1'/>", machine: 'q35' },
  ] as const)('gives $kind 32 vCPUs in sockets of its own kind', ({ kind, topology, machine }) => {
    const xml = guestXml({ name: 'one', kind, vcpus: 4 })
    expect(xml).toContain("<vcpu placement='static' current='4'>32</vcpu>")
    expect(xml).toContain(topology)
    expect(xml).toContain(`machine='${machine}'`)
  })

  it('tells the guest’s first process how to behave, on the kernel command line', () => {
    const xml = guestXml({ name: 'one', kind: 'x86', vcpus: 2, behaviour: 'leave-offline' })
    expect(xml).toContain('real_host.behaviour=leave-offline')
    expect(xml).toContain('real_host.pci=switch')
  })

  it('leaves the PCI device alone where completion is to be held back', () => {
    const xml = guestXml({ name: 'one', kind: 'x86', vcpus: 2, completesUnplug: false })
    expect(xml).not.toContain('real_host.pci')
  })

  it('marks the boot vCPUs beyond the first socket as removable when asked to', () => {
    const xml = guestXml({ name: 'one', kind: 'ppc', vcpus: 4, maxVcpus: 6, removableBootVcpus: true })
    expect(
      [...xml.matchAll(/<vcpu id='(\d)' enabled='(\w+)' hotpluggable='(\w+)'\/>/g)].map((m) => m.slice(1)),
    ).toEqual([
      ['0', 'yes', 'no'],
      ['1', 'yes', 'no'],
      ['2', 'yes', 'yes'],
      ['3', 'yes', 'yes'],
      ['4', 'no', 'yes'],
      ['5', 'no', 'yes'],
    ])
  })

  it('refuses a maximum that is no whole number of sockets', () => {
    expect(() => guestXml({ name: 'odd', kind: 'ppc', vcpus: 1, maxVcpus: 7 })).toThrow(
      'odd: 7 vCPUs are no whole number of sockets of 1 x 2',
    )
  })

  it('is another machine for each standard guest', () => {
    const xmls = [...NEW_HOST_GUESTS, ...OLD_HOST_GUESTS].map((guest) => guestXml(guest))
    const uuids = xmls.map((xml) => /<uuid>(.+)<\/uuid>/.exec(xml)?.[1])
    expect(new Set(uuids).size).toBe(xmls.length)
  })
})
