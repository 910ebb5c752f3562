import { QueryClient, QueryObserver } from '@tanstack/react-query'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { HeldState, LiveChange, LiveNotice, WatchAnswer } from '@coreshift/shared/contract'
import { connectLiveCache, UNWATCH_GRACE_MS } from './live-cache.ts'
import type { LiveListener, LivePort } from './live-port.ts'
import { liveFleet } from './live-topics.ts'
import { WatchRefused } from './watch-refused.ts'

interface Waiting {
  readonly topic: string
  readonly held: HeldState | undefined
  readonly resolve: (answer: WatchAnswer) => void
  readonly reject: (error: Error) => void
}

/** The cache with a server that answers when told to, frames that come when told to, and a clock that stands. */
function setup() {
  const queryClient = new QueryClient({
    defaultOptions: { queries: { retryDelay: 0, networkMode: 'always' } },
  })
  const watches: Waiting[] = []
  const unwatched: string[] = []
  const listeners: LiveListener[] = []
  const frames: (() => void)[] = []
  const timers: { task: () => void; ms: number; off: boolean }[] = []
  const port: LivePort = {
    watch: (topic, held) => new Promise((resolve, reject) => watches.push({ topic, held, resolve, reject })),
    unwatch: (topic) => unwatched.push(topic),
    listen: (listener) => listeners.push(listener),
  }
  connectLiveCache({
    queryClient,
    port,
    schedule: (task) => frames.push(task),
    later: (task, ms) => {
      const timer = { task, ms, off: false }
      timers.push(timer)
      return () => {
        timer.off = true
      }
    },
  })
  const listener = listeners[0]
  if (!listener) throw new Error('the cache did not listen')
  return {
    queryClient,
    watches,
    unwatched,
    frames,
    timers,
    connect: () => listener.connection({ state: 'live', since: 0 }),
    lose: () => listener.connection({ state: 'lost', since: 0, cause: 'gone' }),
    notice: (notice: LiveNotice) => listener.notice(notice),
    change: (rev: number, patch: LiveChange['patch']) => listener.change({ topic: 'fleet', rev, patch }),
    paint: () => {
      for (const frame of frames.splice(0)) frame()
    },
    observe: () => new QueryObserver(queryClient, liveFleet()).subscribe(() => undefined),
    data: () => queryClient.getQueryData(liveFleet().queryKey) as unknown,
  }
}

const snapshot = (rev: number, vms: unknown[]): WatchAnswer => ({
  ok: true,
  topic: 'fleet',
  feed: 'one',
  rev,
  snapshot: { vms },
})
const settled = (check: () => void) => vi.waitFor(check, { timeout: 5_000 })

describe('the live cache', () => {
  let world: ReturnType<typeof setup>
  beforeEach(() => {
    world = setup()
  })
  afterEach(() => world.queryClient.clear())

  async function watching(
    rev = 3,
    vms: unknown[] = [
      { uuid: 'a', load: 1 },
      { uuid: 'b', load: 1 },
    ],
  ) {
    world.connect()
    const stop = world.observe()
    await settled(() => expect(world.watches).toHaveLength(1))
    world.watches[0]?.resolve(snapshot(rev, vms))
    await settled(() => expect(world.data()).toEqual({ vms }))
    return stop
  }

  it('asks for a topic when a component reads it, once the connection stands', async () => {
    world.observe()
    await Promise.resolve()
    expect(world.watches).toHaveLength(0)
    world.connect()
    await settled(() => expect(world.watches.map(({ topic }) => topic)).toEqual(['fleet']))
  })

  it('applies the changes of one frame together and leaves untouched objects as they are', async () => {
    await watching()
    const before = world.data() as { vms: unknown[] }
    world.change(4, { vms: { a: { load: 2 } } })
    world.change(5, { vms: { a: { load: 3 } } })
    expect(world.frames).toHaveLength(1)
    expect(world.data()).toBe(before)
    world.paint()
    const after = world.data() as { vms: unknown[] }
    expect(after.vms[0]).toEqual({ uuid: 'a', load: 3 })
    expect(after.vms[1]).toBe(before.vms[1])
  })

  it('ignores revisions it has already seen', async () => {
    await watching()
    const before = world.data()
    world.change(3, { vms: { a: { load: 9 } } })
    world.paint()
    expect(world.data()).toBe(before)
  })

  it('asks for what is missing when a revision is, and takes a new snapshot where that is the answer', async () => {
    await watching()
    world.change(5, { vms: { a: { load: 9 } } })
    world.paint()
    await settled(() => expect(world.watches).toHaveLength(2))
    expect(world.watches[1]?.held).toEqual({ feed: 'one', rev: 3 })
    world.watches[1]?.resolve(snapshot(6, [{ uuid: 'c' }]))
    await settled(() => expect(world.data()).toEqual({ vms: [{ uuid: 'c' }] }))
  })

  it('keeps changes that come before the snapshot they belong after', async () => {
    world.connect()
    world.observe()
    await settled(() => expect(world.watches).toHaveLength(1))
    world.change(3, { vms: { a: { load: 0 } } })
    world.change(4, { vms: { a: { load: 2 } } })
    world.watches[0]?.resolve(snapshot(3, [{ uuid: 'a', load: 1 }]))
    await settled(() => expect(world.data()).toBeDefined())
    world.paint()
    await settled(() => expect(world.data()).toEqual({ vms: [{ uuid: 'a', load: 2 }] }))
  })

  it('keeps showing the last state while the connection is lost and replaces it after', async () => {
    await watching()
    world.lose()
    expect(world.data()).toBeDefined()
    world.connect()
    await settled(() => expect(world.watches).toHaveLength(2))
    world.watches[1]?.resolve(snapshot(1, []))
    await settled(() => expect(world.data()).toEqual({ vms: [] }))
  })

  it('says after a lost connection what it has, and goes on from there with what it missed', async () => {
    await watching()
    const before = world.data() as { vms: unknown[] }
    world.change(4, { vms: { a: { load: 2 } } })
    world.lose()
    world.connect()
    await settled(() => expect(world.watches).toHaveLength(2))
    expect(world.watches[1]?.held).toEqual({ feed: 'one', rev: 4 })
    const missed = [{ vms: { a: { load: 3 } } }, { vms: { a: { load: 4 } } }]
    world.watches[1]?.resolve({ ok: true, topic: 'fleet', feed: 'one', rev: 6, missed })
    await settled(() => expect(world.data()).toMatchObject({ vms: [{ load: 4 }, { load: 1 }] }))
    expect((world.data() as { vms: unknown[] }).vms[1]).toBe(before.vms[1])
    world.change(7, { vms: { a: { load: 5 } } })
    world.paint()
    expect(world.data()).toMatchObject({ vms: [{ load: 5 }, { load: 1 }] })
  })

  it('takes no change of the lost connection for one of the next, which may count from elsewhere', async () => {
    await watching()
    world.change(9, { vms: { a: { load: 9 } } })
    world.lose()
    world.connect()
    await settled(() => expect(world.watches).toHaveLength(2))
    world.watches[1]?.resolve({ ok: true, topic: 'fleet', feed: 'two', rev: 8, snapshot: { vms: [] } })
    await settled(() => expect(world.data()).toEqual({ vms: [] }))
    world.paint()
    expect(world.watches).toHaveLength(2)
    expect(world.data()).toEqual({ vms: [] })
  })

  it('shows a refusal as the error of the query and does not ask again', async () => {
    world.connect()
    world.observe()
    await settled(() => expect(world.watches).toHaveLength(1))
    world.watches[0]?.resolve({ ok: false, topic: 'fleet', code: 'not-permitted', message: 'no' })
    const state = () => world.queryClient.getQueryState(liveFleet().queryKey)
    await settled(() => expect(state()?.error).toBeInstanceOf(WatchRefused))
    expect(world.watches).toHaveLength(1)
  })

  it('asks again when no acknowledgement came', async () => {
    world.connect()
    world.observe()
    await settled(() => expect(world.watches).toHaveLength(1))
    world.watches[0]?.reject(new Error('operation has timed out'))
    await settled(() => expect(world.watches).toHaveLength(2))
  })

  it('gives a topic up some time after the last reader left, and not when one came back', async () => {
    const stop = await watching()
    stop()
    expect(world.timers.map(({ ms }) => ms)).toEqual([UNWATCH_GRACE_MS])
    const back = world.observe()
    expect(world.timers[0]?.off).toBe(true)
    back()
    world.timers[1]?.task()
    expect(world.unwatched).toEqual(['fleet'])
    expect(world.data()).toBeUndefined()
  })
})

describe('what a person asked to be told', () => {
  const notice = (operation: string, what: LiveNotice['what']): LiveNotice => ({
    what,
    operation,
    vm: 'a',
    vmName: 'db-01',
    state: what === 'ended' ? 'converged' : 'pending',
    sentence: 'Resized.',
  })

  it('is kept, the newest of each resize', () => {
    const { queryClient, notice: tell } = setup()
    tell(notice('1', 'overdue'))
    tell(notice('2', 'ended'))
    tell(notice('1', 'ended'))
    expect(queryClient.getQueryData(['told-notices'])).toEqual([notice('2', 'ended'), notice('1', 'ended')])
  })
})
