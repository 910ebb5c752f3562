import { expect, it } from 'vitest'
import type { DomainSession } from '../inventory/inventory-ports.ts'
import { openExample, THREE_REQUESTS } from './engine/testing/open-example.ts'
import type { OperationRecord } from './operation-record.ts'
import { OperationRunner } from './operation-runner.ts'

const AT = Date.parse('2026-11-22T12:00:00.000Z')

/** A connected host that carries out everything; only this member is used. */
const OBEYS = { connection: { call: () => Promise.resolve({}) } } as unknown as DomainSession

/**
 * A runner whose store takes its time: `release` lets the oldest commit be durable.
 * @param session default: the host is not connected
 */
function slowStore(ended: readonly OperationRecord[] = [], session?: DomainSession) {
  const commits: (() => void)[] = []
  const stored: OperationRecord[] = []
  const guestsAsked: string[] = []
  const runner = new OperationRunner({
    clock: { now: () => AT, after: () => () => undefined },
    vms: {
      facts: () => undefined,
      snapshot: () => undefined,
      get: () => undefined,
      session: () => session,
      hostOf: () => undefined,
      reread: () => Promise.resolve(undefined),
      moment: () => 0,
      readSince: () => Promise.resolve(),
      guestChanged: (uuid) => void guestsAsked.push(uuid),
      operationChanged: () => undefined,
    },
    store: {
      commit: (record) => {
        stored.push(record)
        return new Promise((resolve) => commits.push(resolve))
      },
      replace: () => Promise.resolve(),
      loadOpen: () => Promise.resolve([]),
      get: () => Promise.resolve(undefined),
      listForVm: () => Promise.resolve([]),
      listEnded: () => Promise.resolve([...ended]),
    },
    audit: () => Promise.resolve(),
    problem: (text, error) => {
      throw new Error(text, { cause: error })
    },
  })
  return { runner, stored, guestsAsked, waiting: () => commits.length, release: () => commits.shift()?.() }
}

it('a new operation is stored together with its first request', async () => {
  const { runner, waiting, release } = slowStore()
  const opening = openExample()
  const opened = runner.open(opening)
  expect(waiting()).toBe(1)
  release()
  expect(await opened).toMatchObject({ id: opening.record.id, attempts: 1, memory: { awaitingAnswer: true } })
})

it.each([
  ['once the agent was told to change what the guest uses, the guest is asked what that is', OBEYS, 1],
  ['a guest whose host is not connected is not asked what it uses', undefined, 0],
])('%s', async (_name, session, times) => {
  const { runner, guestsAsked, waiting, release } = slowStore([], session)
  const opening = openExample({ policy: { ...THREE_REQUESTS, drain: true } })
  const opened = runner.open(opening)
  release()
  await opened
  await expect.poll(waiting).toBe(1)
  expect(guestsAsked).toEqual(Array.from({ length: times }, () => opening.record.vm))
})

it('what an ended operation wrote does not lie in the future after the clock was set back', async () => {
  const { record } = openExample()
  const later = new Date(AT + 3_600_000).toISOString()
  const { deadlineAt: _none, ...rest } = record
  const vcpus = record.vcpus.map((vcpu) => ({ ...vcpu, state: 'stuck' as const, since: later }))
  const ended = { ...rest, state: 'failed' as const, createdAt: later, finishedAt: later, vcpus }
  const { runner, stored } = slowStore([ended])
  await runner.start()
  expect(stored).toHaveLength(1)
  const now = new Date(AT).toISOString()
  expect(stored[0]).toMatchObject({ state: 'failed', createdAt: now })
  expect(stored[0]?.vcpus.map(({ since }) => since)).toEqual(vcpus.map(() => now))
})

it('a change of mind waits for the request that is just being stored, and for its answer', async () => {
  const { runner, waiting, release } = slowStore()
  const opening = openExample()
  const { id } = opening.record
  const by = { kind: 'user', name: 'ben' } as const
  const opened = runner.open(opening)
  release()
  await opened
  // The host is not connected: the answer is that there is none, and it is stored as well.
  await expect.poll(waiting).toBe(1)
  release()
  await expect.poll(() => runner.get(id)?.memory.awaitingAnswer).toBe(false)

  runner.feed(id, { type: 'retry', at: AT, by })
  expect(waiting()).toBe(1)
  const seen: (OperationRecord | undefined)[] = []
  const replaced = runner.replace(id, by, (open) => {
    seen.push(open)
    throw new Error('seen enough')
  })
  release()
  await expect.poll(waiting).toBe(1)
  expect(seen).toEqual([])
  release()
  await expect(replaced).rejects.toThrow('seen enough')
  expect(seen).toMatchObject([{ attempts: 2, memory: { awaitingAnswer: false } }])
})
