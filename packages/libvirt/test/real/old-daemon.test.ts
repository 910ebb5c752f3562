import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as lv from '../../src/index.ts'
import { removeDomain, watch } from './support/real-host.ts'

// Debian 12's libvirt 9.0: before asynchronous unplug, before the event.

let connection: lv.Connection

beforeAll(async () => {
  connection = await lv.connect(process.env['CORESHIFT_REAL_OLD_URI'] ?? '', { timeoutMs: 60_000 })
})
afterAll(() => connection.close())

describe('an old daemon', () => {
  it('says by itself that it cannot unplug asynchronously', () => {
    expect(connection.libraryVersion).toBeLessThan(lv.ASYNC_UNPLUG_VERSION)
    expect(connection.supportsAsyncVcpuUnplug).toBe(false)
  })

  it('lists its domains with their statistics', async () => {
    const { domains } = await connection.call(lv.connectListAllDomains, { needResults: 1, flags: 0 })
    const { records } = await connection.call(lv.connectGetAllDomainStats, {
      domains: [],
      stats: 0,
      flags: 0,
    })
    expect(records.map(({ domain }) => domain.name).sort()).toEqual(domains.map(({ name }) => name).sort())
  })

  it('resizes synchronously and refuses the asynchronous flag cleanly, and nothing is changed', async () => {
    const xml = `<domain type='qemu'><name>libvirt-old-${process.pid}</name><memory unit='MiB'>64</memory>
      <vcpu current='1'>4</vcpu><os><type arch='x86_64' machine='q35'>hvm</type></os><features><acpi/><apic/></features>
      <devices><controller type='usb' model='none'/><memballoon model='none'/></devices></domain>`
    const { domain } = await connection.call(lv.domainCreateXml, { xml, flags: 0 })
    try {
      const live = lv.VcpuFlags.LIVE
      await connection.call(lv.domainSetVcpusFlags, { domain, count: 3, flags: live })
      const count = async () => (await connection.call(lv.domainGetVcpusFlags, { domain, flags: live })).count
      expect(await count()).toBe(3)
      const byCount = { domain, count: 2, flags: live | lv.VcpuFlags.ASYNC_UNPLUG }
      await expect(connection.call(lv.domainSetVcpusFlags, byCount)).rejects.toSatisfy(lv.isUnsupportedFlag)
      const chosen = { domain, vcpus: '2', state: 0, flags: live | lv.SetVcpuFlags.ASYNC_UNPLUG }
      await expect(connection.call(lv.domainSetVcpu, chosen)).rejects.toSatisfy(lv.isUnsupportedFlag)
      expect(await count()).toBe(3)
      // Firmware never lets a CPU go: the daemon's own wait of 5 s ends with a time-out.
      const slow = connection.call(lv.domainSetVcpusFlags, { domain, count: 2, flags: live })
      await expect(slow).rejects.toSatisfy(lv.isTimeout)
    } finally {
      await removeDomain(connection, domain)
    }
  })

  it('refuses the events that it does not know, and sends those that it knows', async () => {
    const later: lv.EventDefinition<lv.DomainEvent>[] = [lv.nicMacChange, lv.vcpuRemoved, lv.channelLifecycle]
    for (const event of later) {
      await expect(connection.subscribe(event, () => undefined)).rejects.toSatisfy(lv.isUnsupportedEvent)
    }
    const { domains } = await connection.call(lv.connectListAllDomains, { needResults: 1, flags: 0 })
    const domain = domains[0]
    if (domain === undefined) throw new Error('the old host has no domain')
    const changes = await watch(connection, lv.metadataChange, domain)
    const element = {
      type: lv.MetadataType.ELEMENT,
      metadata: '<x/>',
      key: 'x',
      uri: `urn:old-test-${process.pid}`,
    }
    const flags = lv.ModificationImpact.CONFIG
    await connection.call(lv.domainSetMetadata, { domain, ...element, flags })
    await changes.waitFor(({ uri }) => uri === element.uri)
    await connection.call(lv.domainSetMetadata, { domain, ...element, metadata: null, flags })
  })

  it('refuses procedures that came later', async () => {
    const later = { ...lv.connectGetHostname, number: 444 }
    await expect(connection.call(later)).rejects.toSatisfy(lv.isUnknownProcedure)
    expect(connection.state).toBe('open')
  })
})
