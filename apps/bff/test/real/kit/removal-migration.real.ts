import { afterAll, beforeAll, expect, it } from 'vitest'
import { isOpen } from '@coreshift/shared'
import type { ResizeRequestInput } from '@coreshift/shared/contract'
import { startSecondRealHost, type HostPair } from '../../../../../e2e/real-host/real-host.ts'
import { ownName, realLab, type RealLab } from './real-lab.ts'
import { watchRequests } from './watch-requests.ts'

// A removal that the guest has not answered when the guest is migrated to the other managed host.

const MOVES = ownName('moves')
/** The hosts share one network, and two daemons that choose for themselves would choose the same port. */
const PORT = 49_303

const PATIENT = { deadlineMs: 60_000, attempts: 20, ending: 'reconcile', reconcileMs: 10_000 } as const

let beforeRequest = async (): Promise<void> => {}
let pair: HostPair
let lab: RealLab

beforeAll(async () => {
  pair = await startSecondRealHost()
  lab = await realLab({
    hosts: [
      ['first', pair.first],
      ['second', pair.second],
    ],
    connect: watchRequests(() => beforeRequest()),
  })
  await lab.define({ name: MOVES, kind: 'x86', vcpus: 2, maxVcpus: 8 })
  await lab.boot(MOVES)
})

afterAll(async () => {
  await lab[Symbol.asyncDispose]()
  await pair[Symbol.asyncDispose]()
})

const live = (sockets: number) =>
  ({
    sockets,
    mode: 'live',
    policy: PATIENT,
    acknowledge: ['unverified-guest-os'],
  }) satisfies ResizeRequestInput

it('is followed to the other host by the UUID, and ends there when the guest answers', async () => {
  expect(await lab.resized(MOVES, live(4))).toMatchObject({ state: 'converged', hostName: 'first' })
  await pair.first.waitForOnline(MOVES, '0-3')
  // A guest that does not run cannot answer.
  beforeRequest = async () => {
    await pair.first.mustVirsh('suspend', MOVES)
    beforeRequest = async () => {}
  }
  const { id } = await lab.resize(MOVES, live(2))
  await lab.vmWhen(MOVES, ({ status, pendingVcpus }) => status === 'paused' && pendingVcpus === 2)

  const { destinationUri, migrateUri } = pair.toSecond
  const where = [destinationUri, '--migrateuri', `${migrateUri}:${PORT}`]
  const how = ['--live', '--p2p', '--persistent', '--undefinesource']
  await pair.first.mustVirsh('migrate', MOVES, ...where, ...how)
  await lab.vmWhen(MOVES, ({ hostName, pendingVcpus }) => hostName === 'second' && pendingVcpus === 2)
  await expect
    .poll(() => lab.doors.desk.get(id)?.hostName, { timeout: 60_000, message: 'the host of the resize' })
    .toBe('second')
  const moved = lab.doors.desk.get(id)
  expect(isOpen(moved?.state ?? 'failed')).toBe(true)
  expect(moved?.vcpus.map(({ state }) => state)).toEqual(['pending-removal', 'pending-removal'])

  await pair.second.mustVirsh('resume', MOVES)
  const ended = await lab.ended(id)
  expect(ended).toMatchObject({ state: 'converged', hostName: 'second' })
  expect(ended.timeline.map(({ what }) => what)).toContain('moved')
  expect(await pair.second.mustVirsh('vcpucount', MOVES, '--current', '--live')).toBe('2')
  await pair.second.waitForOnline(MOVES, '0-1')
  const story = await lab.audit.list({ operation: id }, { limit: 100 })
  const count = (action: string) => story.items.filter((entry) => entry.action === action).length
  expect([count('resize.requested'), count('resize.finished')]).toEqual([1, 1])
})
