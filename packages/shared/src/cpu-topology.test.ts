import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  defaultTopology,
  hotplugUnitSize,
  placeOf,
  socketsOf,
  unitOf,
  vcpuIdsOfSocket,
  vcpusOf,
  vcpusPerSocket,
  type CpuTopology,
} from './cpu-topology.ts'

const full: CpuTopology = { sockets: 2, dies: 2, clusters: 2, cores: 3, threads: 2 }

describe('vCPUs of a topology', () => {
  it('are sockets x dies x clusters x cores x threads', () => {
    expect(vcpusPerSocket(full)).toBe(24)
    expect(vcpusOf(full)).toBe(48)
  })

  it('are one per socket where nothing is declared', () => {
    const topology = defaultTopology(5)
    expect(vcpusPerSocket(topology)).toBe(1)
    expect(vcpusOf(topology)).toBe(5)
  })
})

describe('the place of a vCPU', () => {
  it.each([
    { id: 0, place: { socket: 0, die: 0, cluster: 0, core: 0, thread: 0 } },
    { id: 1, place: { socket: 0, die: 0, cluster: 0, core: 0, thread: 1 } },
    { id: 2, place: { socket: 0, die: 0, cluster: 0, core: 1, thread: 0 } },
    { id: 6, place: { socket: 0, die: 0, cluster: 1, core: 0, thread: 0 } },
    { id: 12, place: { socket: 0, die: 1, cluster: 0, core: 0, thread: 0 } },
    { id: 24, place: { socket: 1, die: 0, cluster: 0, core: 0, thread: 0 } },
    { id: 47, place: { socket: 1, die: 1, cluster: 1, core: 2, thread: 1 } },
  ])('of $id', ({ id, place }) => {
    expect(placeOf(full, id)).toEqual(place)
  })
})

describe('sockets', () => {
  it('carry ids in one run', () => {
    expect(vcpuIdsOfSocket({ ...full, dies: 1, clusters: 1 }, 1)).toEqual([6, 7, 8, 9, 10, 11])
  })

  it.each([
    { vcpus: 0, expected: { whole: 0, restVcpus: 0 } },
    { vcpus: 24, expected: { whole: 1, restVcpus: 0 } },
    { vcpus: 25, expected: { whole: 1, restVcpus: 1 } },
    { vcpus: 48, expected: { whole: 2, restVcpus: 0 } },
  ])('of $vcpus vCPUs are told with what is left over', ({ vcpus, expected }) => {
    expect(socketsOf(full, vcpus)).toEqual(expected)
  })
})

describe('what moves together', () => {
  it.each([
    { arch: 'ppc64le', size: 2 },
    { arch: 'ppc64', size: 2 },
    { arch: 'x86_64', size: 1 },
    { arch: 's390x', size: 1 },
    { arch: 'aarch64', size: 1 },
  ])('is $size on $arch with two threads per core', ({ arch, size }) => {
    expect(hotplugUnitSize(arch, full)).toBe(size)
  })

  it('is named after its lowest id', () => {
    expect([4, 5, 6, 7].map((id) => unitOf(id, 2))).toEqual([4, 4, 6, 6])
    expect(unitOf(7, 1)).toBe(7)
  })
})

const count = fc.integer({ min: 1, max: 4 })
const topologies = fc.record({ sockets: count, dies: count, clusters: count, cores: count, threads: count })

describe('for every topology', () => {
  it('places are different and inside their parents', () => {
    fc.assert(
      fc.property(topologies, (topology) => {
        const places = Array.from({ length: vcpusOf(topology) }, (_, id) => placeOf(topology, id))
        expect(new Set(places.map((place) => JSON.stringify(place))).size).toBe(places.length)
        for (const place of places) {
          expect(place.socket).toBeLessThan(topology.sockets)
          expect(place.die).toBeLessThan(topology.dies)
          expect(place.cluster).toBeLessThan(topology.clusters)
          expect(place.core).toBeLessThan(topology.cores)
          expect(place.thread).toBeLessThan(topology.threads)
        }
      }),
    )
  })

  it('the ids of the sockets are all ids, and each lies in its socket', () => {
    fc.assert(
      fc.property(topologies, (topology) => {
        const ids = Array.from({ length: topology.sockets }, (_, socket) => vcpuIdsOfSocket(topology, socket))
        expect(ids.flat()).toEqual(Array.from({ length: vcpusOf(topology) }, (_, id) => id))
        ids.forEach((members, socket) => {
          expect(members.map((id) => placeOf(topology, id).socket)).toEqual(members.map(() => socket))
        })
      }),
    )
  })
})
