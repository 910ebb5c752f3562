import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import * as lv from '../../../src/index.ts'
import { type OldHost, oldHost } from '../support/old-host.ts'
import { copyGuest, removeDomain, watch } from '../support/real-host.ts'

// Debian 12's libvirt 9.0: before asynchronous unplug, before the event.

let host: OldHost
let connection: lv.Connection

beforeAll(async () => {
  host = await oldHost()
  connection = await lv.connect(host.uri, { timeoutMs: 60_000 })
})
afterAll(async () => {
  await connection.close()
  await host[Symbol.asyncDispose]()
})

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
    const defined = await copyGuest(connection, 'old-ppc', `libvirt-old-${process.pid}`)
    try {
      const { domain } = await connection.call(lv.domainCreateWithFlags, { domain: defined, flags: 0 })
      const live = lv.VcpuFlags.LIVE
      const count = async () => (await connection.call(lv.domainGetVcpusFlags, { domain, flags: live })).count
      const before = await count()
      await connection.call(lv.domainSetVcpusFlags, { domain, count: before + 1, flags: live })
      expect(await count()).toBe(before + 1)
      const byCount = { domain, count: before, flags: live | lv.VcpuFlags.ASYNC_UNPLUG }
      await expect(connection.call(lv.domainSetVcpusFlags, byCount)).rejects.toSatisfy(lv.isUnsupportedFlag)
      const chosen = { domain, vcpus: `${before}`, state: 0, flags: live | lv.SetVcpuFlags.ASYNC_UNPLUG }
      await expect(connection.call(lv.domainSetVcpu, chosen)).rejects.toSatisfy(lv.isUnsupportedFlag)
      expect(await count()).toBe(before + 1)
      // While the guest boots the daemon's own wait ends with a time-out or a refusal; then the guest lets go.
      await vi.waitFor(
        async () => {
          if ((await count()) === before) return
          await connection.call(lv.domainSetVcpusFlags, { domain, count: before, flags: live })
        },
        { timeout: 180_000, interval: 1000 },
      )
      expect(await count()).toBe(before)
    } finally {
      await removeDomain(connection, defined)
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
