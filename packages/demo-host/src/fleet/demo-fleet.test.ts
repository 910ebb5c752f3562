import { existsSync } from 'node:fs'
import {
  connect,
  connectGetAllDomainStats,
  connectListAllDomains,
  domainGetXmlDesc,
} from '@coreshift/libvirt'
import { afterEach, describe, expect, it } from 'vitest'
import { vcpuCount, vcpusPerUnit } from '../definition/domain-definition.ts'
import { readDomainXml } from '../definition/read-domain-xml.ts'
import { writeDomainXml } from '../definition/write-domain-xml.ts'
import { GUEST_SYSTEMS } from '../guest/guest-catalog.ts'
import { GUEST_BEHAVIOURS } from '../guest/guest-profile.ts'
import { VirtualClock } from '../time/virtual-clock.ts'
import { type Demo, startDemo } from './demo-fleet.ts'
import { DEMO_STORY } from './demo-story.ts'

let demo: Demo

afterEach(() => demo.stop())

const domains = () => demo.hosts.flatMap(({ host }) => [...host.domains.values()])

describe('the demo fleet', () => {
  it('answers real clients on its sockets, host by host, except the one that is offline', async () => {
    demo = await startDemo()
    for (const host of demo.hosts) {
      if (!host.online) {
        await expect(connect(host.uri)).rejects.toThrow()
        continue
      }
      const connection = await connect(host.uri)
      const { count } = await connection.call(connectListAllDomains, { needResults: 0, flags: 0 })
      expect(count).toBe(host.host.domains.size)
      const { records } = await connection.call(connectGetAllDomainStats, { domains: [], stats: 0, flags: 0 })
      expect(records).toHaveLength(count)
      await connection.close()
    }
    expect(demo.hosts.filter(({ online }) => !online)).toHaveLength(1)
    expect(
      demo.hosts.filter(({ host }) => !host.features.asyncUnplug && host.domains.size > 0).length,
    ).toBeGreaterThan(0)
  })

  it('leaves no socket behind', async () => {
    demo = await startDemo()
    const paths = demo.hosts.map(({ uri }) => decodeURIComponent(uri.slice(uri.indexOf('socket=') + 7)))
    await demo.stop()
    expect(paths.filter((path) => existsSync(path))).toEqual([])
  })

  it('tells the story: each behaviour, each agent, each state, each shape', async () => {
    demo = await startDemo({ listen: false })
    const all = domains()
    expect(all.length).toBeGreaterThanOrEqual(40)
    expect(GUEST_BEHAVIOURS.filter((each) => !all.some(({ guest }) => guest.behaviour === each))).toEqual([])
    expect(new Set(all.map(({ guest }) => guest.agent))).toEqual(new Set(['absent', 'present', 'hanging']))
    expect(new Set(all.map(({ definition }) => definition.arch))).toEqual(
      new Set(['x86_64', 'i686', 'ppc64le', 's390x', 'aarch64']),
    )
    const running = all.filter(({ machine }) => machine !== null)
    const has = (test: (domain: (typeof all)[number]) => boolean): boolean => all.some(test)
    expect({
      off: has(({ machine }) => machine === null),
      paused: has(({ machine }) => machine?.state === 3),
      transient: has(({ config }) => config === null),
      pinned: has(({ definition }) => definition.pins.size > 0),
      unprepared: running.some(({ definition }) => !definition.individualVcpus && vcpuCount(definition) > 1),
      noTopology: has(({ definition }) => definition.topology === null),
      units: has(({ definition }) => vcpusPerUnit(definition) > 1),
      migrating: has(({ migration }) => migration !== null),
      full: running.some(({ definition }) => vcpuCount(definition) === definition.vcpus.length),
      brokenSocket: has(({ definition }) => {
        const perSocket = (definition.topology?.cores ?? 1) * (definition.topology?.threads ?? 1)
        return vcpuCount(definition) % perSocket !== 0
      }),
      restartPending: running.some(
        ({ definition, config }) => config !== null && vcpuCount(config) !== vcpuCount(definition),
      ),
      widerThanItsHost: demo.hosts.some(({ host }) =>
        [...host.domains.values()].some(({ definition }) => definition.vcpus.length > host.cpus),
      ),
    }).toEqual({
      off: true,
      paused: true,
      transient: true,
      pinned: true,
      unprepared: true,
      noTopology: true,
      units: true,
      migrating: true,
      full: true,
      brokenSocket: true,
      restartPending: true,
      widerThanItsHost: true,
    })
  })

  it('has a guest for every system of its catalog', () => {
    const used = new Set(DEMO_STORY.flatMap(({ vms }) => vms.map(({ os }) => os)))
    expect(Object.keys(GUEST_SYSTEMS).filter((key) => ![...used].some((each) => each === key))).toEqual([])
    return startDemo({ listen: false }).then((started) => {
      demo = started
    })
  })

  it('is the same fleet for the same seed, with the same UUIDs', async () => {
    const xml = async (): Promise<string[]> => {
      demo = await startDemo({ listen: false, clock: new VirtualClock() })
      const all = domains().map(({ machine, definition }) => writeDomainXml(definition, machine?.id))
      await demo.stop()
      return all
    }
    expect(await xml()).toEqual(await xml())
  })

  it('prints definitions that read back as what they were', async () => {
    demo = await startDemo({ listen: false })
    for (const { definition, config } of domains()) {
      for (const each of [definition, config ?? definition]) {
        const xml = writeDomainXml(each)
        expect(writeDomainXml(readDomainXml(xml, ''))).toBe(xml)
      }
    }
  })

  it('moves: load figures differ from one minute to the next', async () => {
    const clock = new VirtualClock()
    demo = await startDemo({ listen: false, clock })
    const lab = demo.hosts[0]
    if (lab === undefined) throw new Error('the story begins with a host')
    const connection = await clock.until(
      connect('qemu:///system', { transport: () => lab.open(), keepalive: false }),
    )
    const times = async (): Promise<Map<string, bigint>> => {
      const { records } = await clock.until(
        connection.call(connectGetAllDomainStats, { domains: [], stats: 2, flags: 1 }),
      )
      return new Map(records.map(({ domain, params }) => [domain.name, params.bigint('cpu.time') ?? 0n]))
    }
    const loads: string[] = []
    let before = await times()
    for (let minute = 0; minute < 3; minute++) {
      await clock.advance(60_000)
      const after = await times()
      loads.push(
        [...after].map(([name, time]) => `${name}:${Number(time - (before.get(name) ?? 0n)) / 6e8}`).join(),
      )
      before = after
    }
    expect(new Set(loads).size).toBe(3)
    const { domains: listed } = await clock.until(
      connection.call(connectListAllDomains, { needResults: 1, flags: 1 }),
    )
    for (const domain of listed) {
      const { xml } = await clock.until(connection.call(domainGetXmlDesc, { domain, flags: 0 }))
      expect(xml).toContain(`<name>${domain.name}</name>`)
    }
    await clock.until(connection.close())
  })
})
