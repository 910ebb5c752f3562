import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  type HostPair,
  type KitHost,
  type MigrationTarget,
  startSecondRealHost,
} from '../../../../../e2e/real-host/real-host.ts'
import * as lv from '../../../src/index.ts'
import { removeDomain, watch } from '../support/real-host.ts'

// Two daemons of the kit, and running guests that one hands to the other.

const GUESTS = [`libvirt-moves-${process.pid}`, `libvirt-moves-too-${process.pid}`] as const
const SLOW = `libvirt-slow-${process.pid}`
/** As few as can be said: with it a guest of the kit is on its way for longer than any test. */
const MIB_PER_SECOND = 1n
const WAIT = { timeout: 60_000, interval: 50 }

let pair: HostPair
let first: lv.Connection
let second: lv.Connection

beforeAll(async () => {
  pair = await startSecondRealHost()
  first = await lv.connect(pair.first.uri, { timeoutMs: 60_000 })
  second = await lv.connect(pair.second.uri, { timeoutMs: 60_000 })
})
afterAll(async () => {
  for (const name of [...GUESTS, SLOW]) {
    for (const connection of [first, second]) await removeByName(connection, name)
  }
  await first.close()
  await second.close()
  await pair[Symbol.asyncDispose]()
})

describe('a peer-to-peer migration', () => {
  it('takes two running guests there and back, each with a vCPU that was plugged in on the way', async () => {
    await Promise.all(GUESTS.map((name) => start(pair.first, name)))
    await Promise.all(GUESTS.map((name) => addVcpu(first, name, 3)))
    await Promise.all(GUESTS.map((name) => move(first, second, name, pair.toSecond)))
    for (const name of GUESTS) await addVcpu(second, name, 4)
    await Promise.all(GUESTS.map((name) => move(second, first, name, pair.toFirst)))
    for (const name of GUESTS) {
      const domain = await find(first, name)
      expect(await liveCount(first, domain)).toBe(4)
      await removeLastVcpu(first, domain, 4)
    }
  })

  it('tells how far it is, and can be aborted: the guest runs on where it was', async () => {
    await start(pair.first, SLOW)
    const domain = await find(first, SLOW)
    const jobs = await watch(first, lv.jobCompleted, domain)
    for (const abort of [
      () => first.call(lv.domainAbortJob, { domain }),
      () => first.call(lv.domainAbortJobFlags, { domain, flags: 0 }),
    ]) {
      const refusal = migrate(first, domain, pair.toSecond, [
        { field: lv.MigrateParam.BANDWIDTH, type: lv.TypedParamType.ULLONG, value: MIB_PER_SECOND },
      ]).catch((error: unknown) => error)
      const info = await vi.waitFor(async () => {
        const seen = await first.call(lv.domainGetJobInfo, { domain })
        expect(seen.memProcessed).toBeGreaterThan(0n)
        return seen
      }, WAIT)
      expect(info.type).toBe(lv.JobType.UNBOUNDED)
      expect(info.memRemaining).toBeGreaterThan(0n)
      const { params } = await first.call(lv.domainGetJobStats, { domain, flags: 0 })
      expect(params.number('operation')).toBe(lv.JobOperation.MIGRATION_OUT)
      await abort()
      expect(await refusal).toSatisfy(lv.isAborted)
      expect(await state(first, domain)).toBe(lv.DomainState.RUNNING)
      await expect(find(second, SLOW)).rejects.toSatisfy(lv.isNoDomain)
    }
    expect(jobs.seen).toEqual([])
  })

  it('is refused where the guest already is', async () => {
    const domain = await find(first, SLOW)
    const self = 'qemu+unix:///system?socket=/run/libvirt/libvirt-sock'
    const refusal = migrate(first, domain, { ...pair.toSecond, destinationUri: self })
    await expect(refusal).rejects.toMatchObject({
      name: 'LibvirtError',
      message: expect.stringContaining('same host'),
    })
  })
})

/** Moves a guest and looks at what both daemons tell of it. */
async function move(
  from: lv.Connection,
  to: lv.Connection,
  name: string,
  target: MigrationTarget,
): Promise<void> {
  const domain = await find(from, name)
  const count = await liveCount(from, domain)
  const leaving = await watch(from, lv.lifecycle, domain)
  const jobs = await watch(from, lv.jobCompleted, domain)
  const rounds = await watch(from, lv.migrationIteration, domain)
  // It is not there yet: events of any domain, then.
  const arriving: { readonly event: number; readonly detail: number }[] = []
  const arrivals = await to.subscribe(lv.lifecycle, (each) => {
    if (each.domain.uuid === domain.uuid) arriving.push({ event: each.event, detail: each.detail })
  })

  // The whole answer is the cookie; a peer-to-peer migration ends with an empty one.
  expect(await migrate(from, domain, target)).toEqual({ cookieOut: new Uint8Array() })

  await leaving.waitFor(
    ({ event, detail }) => event === lv.LifecycleEvent.STOPPED && detail === lv.StoppedDetail.MIGRATED,
  )
  const job = await jobs.waitFor(() => true)
  expect(job.params.number('operation')).toBe(lv.JobOperation.MIGRATION_OUT)
  await rounds.waitFor(({ iteration }) => iteration > 0)
  await vi.waitFor(() => {
    expect(arriving).toContainEqual({ event: lv.LifecycleEvent.RESUMED, detail: lv.ResumedDetail.MIGRATED })
  }, WAIT)
  await arrivals.close()

  await expect(find(from, name)).rejects.toSatisfy(lv.isNoDomain)
  const arrived = await find(to, name)
  expect(arrived.uuid).toBe(domain.uuid)
  expect(await state(to, arrived)).toBe(lv.DomainState.RUNNING)
  expect(await liveCount(to, arrived)).toBe(count)
}

function migrate(
  from: lv.Connection,
  domain: lv.DomainRef,
  { destinationUri, migrateUri }: MigrationTarget,
  more: readonly lv.TypedParam[] = [],
) {
  const { LIVE, PEER2PEER, PERSIST_DEST, UNDEFINE_SOURCE } = lv.MigrateFlags
  return from.call(lv.domainMigratePerform3Params, {
    domain,
    destinationUri,
    params: lv.TypedParams.of([
      { field: lv.MigrateParam.URI, type: lv.TypedParamType.STRING, value: migrateUri },
      ...more,
    ]),
    cookieIn: new Uint8Array(),
    flags: LIVE | PEER2PEER | PERSIST_DEST | UNDEFINE_SOURCE,
  })
}

async function start(host: KitHost, name: string): Promise<void> {
  await host.defineGuest({ name, kind: 'x86', vcpus: 2 })
  await host.startGuest(name)
  await host.waitForBoot(name)
}

async function find(connection: lv.Connection, name: string): Promise<lv.DomainRef> {
  return (await connection.call(lv.domainLookupByName, { name })).domain
}

async function liveCount(connection: lv.Connection, domain: lv.DomainRef): Promise<number> {
  return (await connection.call(lv.domainGetVcpusFlags, { domain, flags: lv.VcpuFlags.LIVE })).count
}

async function state(connection: lv.Connection, domain: lv.DomainRef): Promise<number> {
  return (await connection.call(lv.domainGetState, { domain, flags: 0 })).state
}

async function addVcpu(connection: lv.Connection, name: string, count: number): Promise<void> {
  const domain = await find(connection, name)
  await connection.call(lv.domainSetVcpusFlags, { domain, count, flags: lv.VcpuFlags.LIVE })
  expect(await liveCount(connection, domain)).toBe(count)
}

async function removeLastVcpu(connection: lv.Connection, domain: lv.DomainRef, count: number): Promise<void> {
  const removed = await watch(connection, lv.vcpuRemoved, domain)
  const flags = lv.VcpuFlags.LIVE | lv.VcpuFlags.ASYNC_UNPLUG
  await connection.call(lv.domainSetVcpusFlags, { domain, count: count - 1, flags })
  await removed.waitFor(({ vcpuId }) => vcpuId === count - 1)
  expect(await liveCount(connection, domain)).toBe(count - 1)
}

async function removeByName(connection: lv.Connection, name: string): Promise<void> {
  try {
    await removeDomain(connection, await find(connection, name))
  } catch (error) {
    if (!lv.isNoDomain(error)) throw error
  }
}
