import { describe, expect, it } from 'vitest'
import type { LiveChange } from '@coreshift/shared/contract'
import { VM_UUID } from '../../test/examples.ts'
import { fakeDoors, vmExample } from '../../test/fake-doors.ts'
import { testDatabase } from '../../test/databases.ts'
import { testPlatform } from '../../test/platform.ts'
import { RESUME_WINDOW_MS, UNWATCHED_MAX, createLiveHub } from './live-hub.ts'

const uuid = (index: number): string => VM_UUID.replace(/.{3}$/, String(index).padStart(3, '0'))

/** A hub whose time passes when the test says so. */
async function hub() {
  const test = await testDatabase('sqlite')
  const { audit } = await testPlatform(test.database)
  const vms = Array.from({ length: UNWATCHED_MAX + 1 }, (_, index) => vmExample({ uuid: uuid(index) }))
  const doors = fakeDoors(vms)
  const timers = new Set<{ readonly delayMs: number; readonly work: () => void }>()
  const published: LiveChange[] = []
  let idle = 0
  let feeds = 0
  const made = createLiveHub({
    sources: { ...doors, audit },
    clock: {
      now: () => 0,
      soon: (work) => work(),
      later(delayMs, work) {
        const timer = { delayMs, work }
        timers.add(timer)
        return () => timers.delete(timer)
      },
    },
    firstRev: () => 1_000,
    newFeedId: () => String((feeds += 1)),
    publish: (change) => published.push(change),
    onProblem: (_topic, cause) => {
      throw cause
    },
    onIdle: () => (idle += 1),
  })
  return {
    hub: made,
    doors,
    published,
    feeds: () => feeds,
    idle: () => idle,
    closing: () => [...timers].filter(({ delayMs }) => delayMs === RESUME_WINDOW_MS),
    async [Symbol.asyncDispose]() {
      made.close()
      await test[Symbol.asyncDispose]()
    },
  }
}

describe('a topic that nobody watches any more', () => {
  it('publishes to nobody, and closes when the time to come back is up', async () => {
    await using world = await hub()
    const { feed } = await world.hub.enter('fleet', undefined, (start) => start)
    world.hub.leave('fleet')
    world.doors.putVm(vmExample({ uuid: uuid(0), name: 'b' }))
    expect(world.published).toEqual([])
    expect([world.hub.topics, world.hub.idle, world.idle()]).toEqual([0, false, 0])
    world.closing()[0]?.work()
    expect([world.hub.idle, world.idle()]).toEqual([true, 1])
    const anew = await world.hub.enter('fleet', { feed, rev: 1_000 }, (start) => start)
    expect(anew).toHaveProperty('snapshot')
  })

  it('stays open while somebody is there again', async () => {
    await using world = await hub()
    const first = await world.hub.enter('fleet', undefined, (start) => start)
    world.hub.leave('fleet')
    await world.hub.enter('fleet', first, () => undefined)
    expect(world.closing()).toEqual([])
    expect(world.hub.topics).toBe(1)
  })

  it('closes at once when too many others were left after it', async () => {
    await using world = await hub()
    for (let index = 0; index <= UNWATCHED_MAX; index += 1) {
      await world.hub.enter(`vm:${uuid(index)}`, undefined, () => undefined)
      world.hub.leave(`vm:${uuid(index)}`)
    }
    expect(world.closing()).toHaveLength(UNWATCHED_MAX)
    await world.hub.enter(`vm:${uuid(1)}`, undefined, () => undefined)
    expect(world.feeds()).toBe(UNWATCHED_MAX + 1)
    await world.hub.enter(`vm:${uuid(0)}`, undefined, () => undefined)
    expect(world.feeds()).toBe(UNWATCHED_MAX + 2)
  })
})
