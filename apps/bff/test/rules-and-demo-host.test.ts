import {
  connect,
  domainGetXmlDesc,
  domainLookupByName,
  domainSetVcpu,
  domainSetVcpusFlags,
  LibvirtError,
  SetVcpuFlags,
  VcpuFlags,
  type Connection,
  type DomainRef,
} from '@coreshift/libvirt'
import { startDemo, type Demo, type VmSpec } from '@coreshift/demo-host'
import { formatVcpuRanges, hotplugUnitSize, judgeSockets, mayProceed, type VmFacts } from '@coreshift/shared'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createGuestOsMatrix } from '../src/guest-os/create-guest-os-matrix.ts'
import { parseDomainXml } from '../src/inventory/parse-domain-xml.ts'

// What the rules allow, the host takes; what they call impossible, it refuses. Each request meets a VM of its own,
// because the one before would have changed it.

const VERSIONS = ['9.0.0', '11.3.0', '12.4.0', '12.8.0'] as const
/** Requests that return before the guest has let go. */
const WITH_ASYNC_UNPLUG: ReadonlySet<string> = new Set(['12.4.0', '12.8.0'])

const matrix = createGuestOsMatrix()

const shapes: readonly VmSpec[] = [
  { name: 'prepared', os: 'rhel-9', sockets: 3, maxSockets: 6 },
  { name: 'fixed', os: 'rhel-9', sockets: 3, maxSockets: 6, boot: 'fixed' },
  { name: 'no-topology', os: 'rhel-9', sockets: 2, maxSockets: 5, topology: false },
  { name: 'cores', os: 'rhel-9', sockets: 2, maxSockets: 4, cores: 2 },
  { name: 'fraction', os: 'rhel-9', sockets: 2, maxSockets: 4, cores: 2, vcpus: 3 },
  { name: 'power', os: 'rhel-9-ppc64le', arch: 'ppc64le', sockets: 3, maxSockets: 5, threads: 2 },
  {
    name: 'power-fixed',
    os: 'rhel-9-ppc64le',
    arch: 'ppc64le',
    sockets: 3,
    maxSockets: 5,
    threads: 2,
    boot: 'fixed',
  },
  { name: 'mainframe', os: 'rhel-9-s390x', arch: 's390x', sockets: 3, maxSockets: 5 },
  { name: 'mainframe-fixed', os: 'rhel-9-s390x', arch: 's390x', sockets: 3, maxSockets: 5, boot: 'fixed' },
  { name: 'arm', os: 'debian-13-aarch64', arch: 'aarch64', sockets: 2, maxSockets: 4, boot: 'fixed' },
  {
    name: 'arm-cores',
    os: 'debian-13-aarch64',
    arch: 'aarch64',
    sockets: 2,
    maxSockets: 3,
    cores: 2,
    boot: 'fixed',
  },
]

/** Reasons that lie in the definition or the machine: libvirt knows them too. */
const KNOWN_TO_LIBVIRT: ReadonlySet<string> = new Set([
  'below-minimum',
  'above-maximum',
  'not-a-whole-socket',
  'vcpu-not-hotpluggable',
  'arch-blocked',
])

interface Case {
  readonly title: string
  readonly vm: VmSpec
  readonly wish: { readonly sockets: number } | { readonly removeVcpus: readonly number[] }
}

const cases: readonly Case[] = shapes.flatMap((shape) => {
  const values = Array.from({ length: shape.maxSockets + 2 }, (_, sockets) => ({ sockets }))
  const perSocket = (shape.cores ?? 1) * (shape.threads ?? 1)
  const last = shape.sockets * perSocket
  const chosen = [
    [0],
    [1],
    [last - 1],
    [last],
    Array.from({ length: perSocket }, (_, index) => last - perSocket + index),
  ]
  return [
    ...values.map((wish) => ({ wish, words: `${wish.sockets} sockets` })),
    ...chosen.map((removeVcpus) => ({
      wish: { removeVcpus },
      words: `without ${formatVcpuRanges(removeVcpus)}`,
    })),
  ].map(({ wish, words }, index) => ({
    title: `${shape.name}: ${words}`,
    vm: { ...shape, name: `${shape.name}-${index}` },
    wish,
  }))
})

const story = VERSIONS.map((version) => ({ name: version, version, vms: cases.map(({ vm }) => vm) }))

let demo: Demo
const connections = new Map<string, Connection>()

beforeAll(async () => {
  demo = await startDemo({ listen: false, story })
  for (const host of demo.hosts) {
    connections.set(host.name, await connect(host.uri, { transport: () => host.open() }))
  }
})

afterAll(async () => {
  for (const connection of connections.values()) await connection.close()
  await demo.stop()
})

function connectionTo(version: string): Connection {
  const connection = connections.get(version)
  if (!connection) throw new Error(`no host runs libvirt ${version}`)
  return connection
}

async function factsOf(connection: Connection, domain: DomainRef): Promise<VmFacts> {
  const { xml } = await connection.call(domainGetXmlDesc, { domain, flags: 0 })
  const read = parseDomainXml(xml)
  const live = {
    topology: read.topology,
    topologyDeclared: read.topologyDeclared,
    maximum: read.vcpuMax,
    vcpus: read.vcpus.map(({ id, enabled, hotpluggable }) => ({ id, enabled, hotpluggable })),
  }
  const { name, plug, unplug } = matrix.detect({
    arch: read.arch,
    ...(read.osinfoId !== undefined && { libosinfoId: read.osinfoId }),
  })
  return {
    uuid: read.uuid,
    name: read.name,
    rev: 1,
    status: 'up',
    arch: read.arch,
    machine: read.machine,
    live,
    config: live,
    unitSize: hotplugUnitSize(read.arch, read.topology),
    guest: { name, plug, unplug },
    host: { name: 'lab', online: true, cpus: 1024 },
    settings: { pinnedRemovalAllowed: false, hostCpuLimit: 'warn' },
  }
}

async function ask(version: string, domain: DomainRef, facts: VmFacts, wish: Case['wish']): Promise<void> {
  const connection = connectionTo(version)
  const { live } = facts
  const isAsync = WITH_ASYNC_UNPLUG.has(version)
  if ('sockets' in wish) {
    const perSocket = live ? live.maximum / live.topology.sockets : 1
    const flags = VcpuFlags.LIVE | (isAsync ? VcpuFlags.ASYNC_UNPLUG : 0)
    await connection.call(domainSetVcpusFlags, { domain, count: wish.sockets * perSocket, flags })
    return
  }
  // One unit per call, as libvirt demands.
  for (let first = 0; first < wish.removeVcpus.length; first += facts.unitSize) {
    const vcpus = formatVcpuRanges(wish.removeVcpus.slice(first, first + facts.unitSize))
    const flags = SetVcpuFlags.LIVE | (isAsync ? SetVcpuFlags.ASYNC_UNPLUG : 0)
    await connection.call(domainSetVcpu, { domain, vcpus, state: 0, flags })
  }
}

describe.each(VERSIONS)('the rules and a host with libvirt %s agree', (version) => {
  // Side by side, because libvirt before 12.4.0 waits for each guest.
  it.concurrent.each(cases)('$title', async ({ vm, wish }) => {
    const connection = connectionTo(version)
    const { domain } = await connection.call(domainLookupByName, { name: vm.name })
    const facts = await factsOf(connection, domain)
    const verdict = judgeSockets(facts, wish, 'live', { acknowledged: ['unverified-guest-os'] })
    const answer = await ask(version, domain, facts, wish).catch((error: unknown) => error)
    // Half a socket of vCPUs that come and go one by one is something that only the sockets rules refuse.
    const isOursAlone = (code: string) =>
      code === 'not-a-whole-socket' && facts.unitSize === 1 && 'removeVcpus' in wish
    const codes = verdict.reasons.map((reason) => reason.code).filter((code) => !isOursAlone(code))
    expect(codes.filter((code) => !KNOWN_TO_LIBVIRT.has(code) && code !== 'unverified-guest-os')).toEqual([])
    const isRefused = codes.some((code) => KNOWN_TO_LIBVIRT.has(code))
    expect(answer instanceof LibvirtError ? answer.message : answer).toEqual(
      isRefused ? expect.any(String) : undefined,
    )
    expect(mayProceed(verdict)).toBe(verdict.reasons.every((reason) => reason.code === 'unverified-guest-os'))
  })

  it.each(shapes)('about every number of sockets at the next boot: $name', async ({ name, maxSockets }) => {
    const connection = connectionTo(version)
    const { domain } = await connection.call(domainLookupByName, { name: `${name}-0` })
    const facts = await factsOf(connection, domain)
    const perSocket = facts.config ? facts.config.maximum / facts.config.topology.sockets : 1
    const flags = VcpuFlags.CONFIG | VcpuFlags.HOTPLUGGABLE
    for (let sockets = 0; sockets <= maxSockets + 1; sockets += 1) {
      const verdict = judgeSockets(facts, { sockets }, 'nextBoot')
      const answer = await connection
        .call(domainSetVcpusFlags, { domain, count: sockets * perSocket, flags })
        .catch((error: unknown) => error)
      expect(answer instanceof LibvirtError, `${sockets} sockets`).toBe(!verdict.allowed)
    }
  })

  it('on requests of both kinds', () => {
    expect(cases.length).toBeGreaterThan(110)
  })
})
