import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as lv from '../../src/index.ts'
import { procedures } from '../../src/wire.ts'
import { connectReal, copyGuest, plainDomainXml, realUri, removeDomain, watch } from './support/real-host.ts'

// Every procedure of the package against a real daemon. Two domains of its own: `plain` runs firmware only, `guest` is a
// copy of the host's guest with a real agent, whose kernel lets vCPUs go.

const PLAIN = `libvirt-plain-${process.pid}`
const GUEST = `libvirt-guest-${process.pid}`

let connection: lv.Connection
let plain: lv.DomainRef
let guest: lv.DomainRef
const called = new Set<string>()

/** Calls and takes note, for the last test. */
async function call<A, R>(procedure: lv.Procedure<A, R>, args: A): Promise<R> {
  called.add(`${procedure.program}/${procedure.number}`)
  return connection.call(procedure, args)
}

beforeAll(async () => {
  connection = await connectReal()
  plain = (
    await call(lv.domainDefineXmlFlags, { xml: plainDomainXml(PLAIN), flags: lv.DefineFlags.VALIDATE })
  ).domain
  guest = await copyGuest(connection, 'agent', GUEST)
  const agent = await watch(connection, lv.agentLifecycle, guest)
  guest = (await call(lv.domainCreateWithFlags, { domain: guest, flags: 0 })).domain
  await agent.waitFor(({ state }) => state === lv.AgentState.CONNECTED)
})

afterAll(async () => {
  await removeDomain(connection, plain)
  await removeDomain(connection, guest)
  await connection.close()
})

describe('connection and node', () => {
  it('tells versions, driver and capabilities', async () => {
    expect(connection.driver).toBe('QEMU')
    expect(connection.libraryVersion).toBeGreaterThanOrEqual(lv.ASYNC_UNPLUG_VERSION)
    expect(connection.supportsAsyncVcpuUnplug).toBe(true)
    expect(await call(lv.connectGetType, {})).toEqual({ type: 'QEMU' })
    expect((await call(lv.connectGetVersion, {})).version).toBe(BigInt(connection.hypervisorVersion ?? 0))
    expect((await call(lv.connectGetLibVersion, {})).version).toBe(BigInt(connection.libraryVersion))
    expect((await call(lv.connectGetUri, {})).uri).toBe('qemu:///system')
    expect((await call(lv.connectGetHostname, {})).hostname).not.toBe('')
    expect(await call(lv.connectIsSecure, {})).toEqual({ secure: 1 })
    expect((await call(lv.connectGetMaxVcpus, { type: 'qemu' })).max).toBeGreaterThan(0)
    expect((await call(lv.connectGetCapabilities, {})).xml).toMatch(/^<capabilities>/)
    const query = { emulator: null, arch: 'x86_64', machine: 'q35', virtType: 'qemu', flags: 0 }
    expect((await call(lv.connectGetDomainCapabilities, query)).xml).toMatch(/<vcpu max='\d+'\/>/)
    expect(await call(lv.connectSupportsFeature, { feature: 14 })).toEqual({ supported: 1 })
    await call(lv.connectRegisterCloseCallback, {})
    await call(lv.connectUnregisterCloseCallback, {})
    // Where there is no SMBIOS libvirt says so, which is an answer too.
    const sysinfo = await call(lv.connectGetSysinfo, { flags: 0 }).catch((error: unknown) => error)
    expect(sysinfo instanceof lv.LibvirtError ? sysinfo.codeName : 'xml').toMatch(
      /^(xml|CONFIG_UNSUPPORTED)$/,
    )
  })

  it('tells CPUs and memory of the host', async () => {
    const info = await call(lv.nodeGetInfo, {})
    expect(info.model).toMatch(/^\w+$/)
    expect(info.cpus).toBeGreaterThan(0)
    const { map, cpus, online } = await call(lv.nodeGetCpuMap, { needMap: 1, needOnline: 1, flags: 0 })
    expect(map).toHaveLength(lv.cpuMapBytes(cpus))
    expect(lv.cpusOfMap(map)).toHaveLength(online)
    expect((await call(lv.nodeGetFreeMemory, {})).bytes).toBeGreaterThan(0n)
  })
})

describe('finding and describing domains', () => {
  it('finds them by list, name, uuid and id', async () => {
    const { domains, count } = await call(lv.connectListAllDomains, { needResults: 1, flags: 0 })
    expect(domains).toHaveLength(count)
    expect(domains).toContainEqual(guest)
    expect(await call(lv.domainLookupByName, { name: GUEST })).toEqual({ domain: guest })
    expect(await call(lv.domainLookupByUuid, { uuid: guest.uuid })).toEqual({ domain: guest })
    expect(await call(lv.domainLookupById, { id: guest.id })).toEqual({ domain: guest })
  })

  it('describes them', async () => {
    expect((await call(lv.domainGetXmlDesc, { domain: guest, flags: 0 })).xml).toContain(
      `<name>${GUEST}</name>`,
    )
    expect((await call(lv.domainGetState, { domain: guest, flags: 0 })).state).toBe(lv.DomainState.RUNNING)
    expect(await call(lv.domainGetInfo, { domain: guest })).toMatchObject({ state: 1, vcpus: 2 })
    expect(await call(lv.domainGetOsType, { domain: guest })).toEqual({ type: 'hvm' })
    expect(await call(lv.domainIsActive, { domain: guest })).toEqual({ active: 1 })
    expect(await call(lv.domainIsPersistent, { domain: guest })).toEqual({ persistent: 1 })
    expect(await call(lv.domainIsUpdated, { domain: guest })).toEqual({ updated: 0 })
    expect(await call(lv.domainGetControlInfo, { domain: guest, flags: 0 })).toMatchObject({ state: 0 })
    expect((await call(lv.domainGetMessages, { domain: guest, flags: 0 })).messages).toEqual(
      expect.any(Array),
    )
  })

  it('sets and reads autostart and metadata, with the event', async () => {
    const changes = await watch(connection, lv.metadataChange, plain)
    await call(lv.domainSetAutostart, { domain: plain, autostart: 1 })
    expect(await call(lv.domainGetAutostart, { domain: plain })).toEqual({ autostart: 1 })
    await call(lv.domainSetAutostart, { domain: plain, autostart: 0 })
    const title = { domain: plain, type: lv.MetadataType.TITLE, key: null, uri: null }
    const flags = lv.ModificationImpact.CONFIG
    await call(lv.domainSetMetadata, { ...title, metadata: 'Ein Titel – ✓', flags })
    const read = await call(lv.domainGetMetadata, {
      domain: plain,
      type: lv.MetadataType.TITLE,
      uri: null,
      flags,
    })
    expect(read).toEqual({ metadata: 'Ein Titel – ✓' })
    await changes.waitFor(({ type }) => type === lv.MetadataType.TITLE)
    await call(lv.domainSetMetadata, { ...title, metadata: null, flags })
    const absent = call(lv.domainGetMetadata, {
      domain: plain,
      type: lv.MetadataType.TITLE,
      uri: null,
      flags,
    })
    await expect(absent).rejects.toSatisfy(lv.isNoMetadata)
  })

  it('gives the statistics of all domains in one call', async () => {
    const { records } = await call(lv.connectGetAllDomainStats, { domains: [], stats: 0, flags: 0 })
    const params = records.find(({ domain }) => domain.uuid === guest.uuid)?.params
    expect(params?.get('vcpu.current')).toBe(2)
    expect(params?.bigint('vcpu.0.time')).toEqual(expect.any(BigInt))
  })
})

describe('life cycle', () => {
  it('walks a domain from start to undefine, with the events', async () => {
    const story = await watch(connection, lv.lifecycle, plain)
    const reboots = await watch(connection, lv.reboot, plain)
    const domain = plain
    await call(lv.domainCreate, { domain })
    await expect(call(lv.domainCreate, { domain })).rejects.toSatisfy(lv.isOperationInvalid)
    await call(lv.domainSuspend, { domain })
    expect(await call(lv.domainGetState, { domain, flags: 0 })).toEqual({
      state: lv.DomainState.PAUSED,
      reason: lv.PausedReason.USER,
    })
    await call(lv.domainResume, { domain })
    await call(lv.domainReset, { domain, flags: 0 })
    await reboots.waitFor(() => true)
    await call(lv.domainReboot, { domain, flags: lv.ShutdownFlags.ACPI_POWER_BTN })
    await call(lv.domainShutdown, { domain })
    await call(lv.domainShutdownFlags, { domain, flags: lv.ShutdownFlags.ACPI_POWER_BTN })
    await call(lv.domainManagedSave, { domain, flags: 0 })
    await story.waitFor(
      ({ event, detail }) => event === lv.LifecycleEvent.STOPPED && detail === lv.StoppedDetail.SAVED,
    )
    await call(lv.domainManagedSaveRemove, { domain, flags: 0 })
    await call(lv.domainCreateWithFlags, { domain, flags: lv.CreateFlags.PAUSED })
    await call(lv.domainDestroy, { domain })
    await story.waitFor(
      ({ event, detail }) => event === lv.LifecycleEvent.STOPPED && detail === lv.StoppedDetail.DESTROYED,
    )
    await call(lv.domainCreateWithFlags, { domain, flags: 0 })
    await call(lv.domainDestroyFlags, { domain, flags: 0 })
    await call(lv.domainUndefine, { domain })
    await story.waitFor(({ event }) => event === lv.LifecycleEvent.UNDEFINED)
    await expect(call(lv.domainGetState, { domain, flags: 0 })).rejects.toSatisfy(lv.isNoDomain)
    await call(lv.domainDefineXml, { xml: plainDomainXml(PLAIN, plain.uuid) })
    await story.waitFor(({ event }) => event === lv.LifecycleEvent.DEFINED)
    await call(lv.domainUndefineFlags, { domain, flags: lv.UndefineFlags.MANAGED_SAVE })
    const transient = await call(lv.domainCreateXml, { xml: plainDomainXml(PLAIN, plain.uuid), flags: 0 })
    expect(transient.domain.id).toBeGreaterThan(0)
    await call(lv.domainDestroy, { domain })
    await call(lv.domainDefineXmlFlags, { xml: plainDomainXml(PLAIN, plain.uuid), flags: 0 })
  })

  it('attaches and detaches a device, with the events', async () => {
    const added = await watch(connection, lv.deviceAdded, guest)
    const removed = await watch(connection, lv.deviceRemoved, guest)
    const device = (alias: string) =>
      `<channel type='pty'><target type='virtio' name='test.${alias}'/><alias name='ua-${alias}'/></channel>`
    for (const alias of ['one', 'two']) {
      await call(lv.domainAttachDeviceFlags, {
        domain: guest,
        xml: device(alias),
        flags: lv.ModificationImpact.LIVE,
      })
      await added.waitFor(({ deviceAlias }) => deviceAlias === `ua-${alias}`)
    }
    await call(lv.domainDetachDeviceAlias, {
      domain: guest,
      alias: 'ua-one',
      flags: lv.ModificationImpact.LIVE,
    })
    await removed.waitFor(({ deviceAlias }) => deviceAlias === 'ua-one')
    // libvirt compares the device whole: only its own description of it fits.
    const described = (await call(lv.domainGetXmlDesc, { domain: guest, flags: 0 })).xml
    const xml = described.match(/<channel(?:(?!<channel)[^])*?ua-two[^]*?<\/channel>/)?.[0] ?? ''
    await call(lv.domainDetachDeviceFlags, { domain: guest, xml, flags: lv.ModificationImpact.LIVE })
    await removed.waitFor(({ deviceAlias }) => deviceAlias === 'ua-two')
  })
})

describe('vCPUs', () => {
  const live = lv.VcpuFlags.LIVE

  it('plugs by count and unplugs asynchronously: accepted first, the event later', async () => {
    const removed = await watch(connection, lv.vcpuRemoved, guest)
    await call(lv.domainSetVcpusFlags, { domain: guest, count: 4, flags: live })
    expect(await call(lv.domainGetVcpusFlags, { domain: guest, flags: live })).toEqual({ count: 4 })
    await call(lv.domainSetVcpusFlags, { domain: guest, count: 3, flags: live | lv.VcpuFlags.ASYNC_UNPLUG })
    await removed.waitFor(({ vcpuId }) => vcpuId === 3)
    expect(await call(lv.domainGetVcpusFlags, { domain: guest, flags: live })).toEqual({ count: 3 })
    const chosen = {
      domain: guest,
      vcpus: '2',
      state: 0,
      flags: lv.SetVcpuFlags.LIVE | lv.SetVcpuFlags.ASYNC_UNPLUG,
    }
    await call(lv.domainSetVcpu, chosen)
    await removed.waitFor(({ vcpuId }) => vcpuId === 2)
    await call(lv.domainSetVcpus, { domain: guest, count: 3 })
    await call(lv.domainSetVcpusFlags, { domain: guest, count: 2, flags: live })
    expect(await call(lv.domainGetVcpusFlags, { domain: guest, flags: live })).toEqual({ count: 2 })
  })

  it('refuses what cannot be, with a code to decide by', async () => {
    const tooMany = call(lv.domainSetVcpusFlags, { domain: guest, count: 1000, flags: live })
    await expect(tooMany).rejects.toSatisfy(lv.isInvalidArgument)
    const boot = call(lv.domainSetVcpu, { domain: guest, vcpus: '0', state: 0, flags: live })
    await expect(boot).rejects.toSatisfy(lv.isUnsupported)
    const unknown = call(lv.domainSetVcpusFlags, { domain: guest, count: 2, flags: 1 << 20 })
    await expect(unknown).rejects.toSatisfy(lv.isUnsupportedFlag)
  })

  it('tells maximum, placement and pinning, and pins, with the event', async () => {
    expect(await call(lv.domainGetMaxVcpus, { domain: guest })).toEqual({ max: 32 })
    const { cpus } = await call(lv.nodeGetCpuMap, { needMap: 0, needOnline: 0, flags: 0 })
    const mapLength = lv.cpuMapBytes(cpus)
    const { vcpus, maps } = await call(lv.domainGetVcpus, { domain: guest, maxInfo: 32, mapLength })
    expect(vcpus.map(({ number }) => number)).toEqual([0, 1])
    expect(lv.splitCpuMaps(maps, mapLength).slice(0, 2)).toHaveLength(2)
    const tunings = await watch(connection, lv.tunable, guest)
    const map = lv.cpuMapOf([0], mapLength)
    await call(lv.domainPinVcpuFlags, { domain: guest, vcpu: 1, map, flags: live })
    await tunings.waitFor(({ params }) => params.get('cputune.vcpupin1') === '0')
    await call(lv.domainPinVcpu, { domain: guest, vcpu: 0, map })
    await call(lv.domainPinEmulator, { domain: guest, map, flags: live })
    const pins = await call(lv.domainGetVcpuPinInfo, { domain: guest, mapCount: 32, mapLength, flags: live })
    expect(lv.cpusOfMap(lv.splitCpuMaps(pins.maps, mapLength)[1] ?? new Uint8Array())).toEqual([0])
    const emulator = await call(lv.domainGetEmulatorPinInfo, { domain: guest, mapLength, flags: live })
    expect({ cpus: lv.cpusOfMap(emulator.map), valid: emulator.valid }).toEqual({ cpus: [0], valid: 1 })
  })

  it('reads and sets scheduler parameters of the stored definition', async () => {
    const flags = lv.ModificationImpact.CONFIG
    const params = lv.TypedParams.of([{ field: 'cpu_shares', type: lv.TypedParamType.ULLONG, value: 512n }])
    await call(lv.domainSetSchedulerParametersFlags, { domain: plain, params, flags })
    const read = await call(lv.domainGetSchedulerParametersFlags, { domain: plain, paramCount: 16, flags })
    expect(read.params.bigint('cpu_shares')).toBe(512n)
  })

  it('counts CPU time', async () => {
    const query = { domain: guest, paramCount: 16, startCpu: -1, cpuCount: 1, flags: 0 }
    const answer = await call(lv.domainGetCpuStats, query).catch((error: unknown) => error)
    // Needs the cpuacct controller; a host without it refuses, which is an answer too.
    if (answer instanceof lv.LibvirtError) expect(answer).toSatisfy(lv.isOperationInvalid)
    else expect(answer).toMatchObject({ paramCount: expect.any(Number) })
  })
})

describe('guest agent', () => {
  it('answers commands, and tells the guest’s own view', async () => {
    const ping = { domain: guest, command: '{"execute":"guest-ping"}', timeoutSeconds: 30, flags: 0 }
    expect(await call(lv.qemuDomainAgentCommand, ping)).toEqual({ result: '{"return":{}}' })
    const { params } = await call(lv.domainGetGuestVcpus, { domain: guest, flags: 0 })
    expect(lv.parseVcpuList(params.string('online') ?? '')).toContain(0)
    await call(lv.domainSetGuestVcpus, { domain: guest, vcpus: '1', state: 0, flags: 0 })
    await call(lv.domainSetGuestVcpus, { domain: guest, vcpus: '1', state: 1, flags: 0 })
    const info = await call(lv.domainGetGuestInfo, { domain: guest, types: lv.GuestInfoTypes.OS, flags: 0 })
    expect(info.params.has('os.kernel-release')).toBe(true)
    expect((await call(lv.domainGetHostname, { domain: guest, flags: 2 })).hostname).not.toBe('')
    expect(
      await call(lv.domainAgentSetResponseTimeout, { domain: guest, timeoutSeconds: -1, flags: 0 }),
    ).toEqual({
      result: 0,
    })
  })
})

describe('jobs and QEMU', () => {
  it('tells of jobs, and that there is none to abort', async () => {
    expect(await call(lv.domainGetJobInfo, { domain: guest })).toMatchObject({ type: lv.JobType.NONE })
    expect(await call(lv.domainGetJobStats, { domain: guest, flags: 0 })).toMatchObject({
      type: lv.JobType.NONE,
    })
    await expect(call(lv.domainAbortJob, { domain: guest })).rejects.toSatisfy(lv.isOperationInvalid)
    await expect(call(lv.domainAbortJobFlags, { domain: guest, flags: 0 })).rejects.toSatisfy(
      lv.isOperationInvalid,
    )
    expect((await call(lv.domainGetPerfEvents, { domain: guest, flags: 0 })).params.get('cmt')).toBe(false)
  })

  it('hands a migration to the source daemon, which says why it cannot', async () => {
    const args = {
      domain: guest,
      destinationUri: 'qemu+tcp://127.0.0.1:1/system',
      params: lv.TypedParams.of(),
      cookieIn: new Uint8Array(),
      flags: lv.MigrateFlags.LIVE | lv.MigrateFlags.PEER2PEER,
    }
    const refused = await call(lv.domainMigratePerform3Params, args).catch((error: unknown) => error)
    // 38: the source daemon tried to reach port 1, so it read URI, parameters, cookie and flags as they were meant.
    expect(refused).toMatchObject({ name: 'LibvirtError', codeName: 'SYSTEM_ERROR' })
  })

  it('talks to QEMU, and hears its events', async () => {
    const status = { domain: guest, command: '{"execute":"query-status"}', flags: 0 }
    expect((await call(lv.qemuDomainMonitorCommand, status)).result).toContain('"running"')
    called.add(`${lv.qemuConnectDomainMonitorEventRegister.program}/4`)
    called.add(`${lv.qemuConnectDomainMonitorEventDeregister.program}/5`)
    await using stream = connection.events(lv.qemuMonitorEvent, { domain: guest })
    await stream.ready
    await call(lv.domainSuspend, { domain: guest })
    await call(lv.domainResume, { domain: guest })
    expect((await stream.next()).value).toMatchObject({ event: 'STOP' })
  })
})

describe('the rest', () => {
  it('refuses changes on a read-only connection', async () => {
    await using readOnly = await connectReal({ readOnly: true })
    const change = readOnly.call(lv.domainSuspend, { domain: guest })
    await expect(change).rejects.toSatisfy(lv.isDenied)
  })

  it('registers for every event that the daemon knows, and ends each', async () => {
    await using other = await connectReal()
    for (const event of Object.values(lv).filter(isEvent)) {
      const subscription = await other.subscribe(event, () => undefined)
      await subscription.close()
    }
  })

  it('opens the test driver of the same daemon', async () => {
    const uri = new URL(realUri().replace(/^qemu\+unix/, 'http'))
    const test = await lv.connect(`test+unix:///default${uri.search}`)
    expect(test.driver).toBe('TEST')
    expect(test.supportsAsyncVcpuUnplug).toBe(false)
    await test.close()
  })

  it('has called every procedure', () => {
    const elsewhere = [
      // Sent by connect and close, in every test.
      'authList',
      'connectOpen',
      'connectClose',
      'connectDomainEventCallbackRegisterAny',
      'connectDomainEventCallbackDeregisterAny',
      // Need a daemon with such authentication: kit/authentication.test.ts, kit/polkit.test.ts.
      'authSaslInit',
      'authSaslStart',
      'authSaslStep',
      'authPolkit',
    ]
    const missing = Object.entries(procedures)
      .filter(
        ([name, { program, number }]) => !elsewhere.includes(name) && !called.has(`${program}/${number}`),
      )
      .map(([name]) => name)
    expect(missing).toEqual([])
  })
})

function isEvent(value: unknown): value is lv.EventDefinition<lv.DomainEvent> {
  return typeof value === 'object' && value !== null && 'body' in value && 'since' in value
}
