import { describe, expect, it, vi } from 'vitest'
import { domain, open, settled } from '../../test/support/open-scripted.ts'
import { Refusal } from '../../test/support/scripted-daemon.ts'
import { VcpuFlags } from '../constants.ts'
import { lifecycle, vcpuRemoved } from '../events/domain-events.ts'
import {
  connectDomainEventCallbackDeregisterAny,
  connectDomainEventCallbackRegisterAny,
} from '../procedures/connect.ts'
import { domainSetVcpusFlags } from '../procedures/domain-vcpus.ts'

describe('events', () => {
  it('arrive at every listener of the same event through one registration', async () => {
    const { daemon, connection } = await open()
    const seen: string[] = []
    const first = await connection.subscribe(vcpuRemoved, ({ vcpuId }) => seen.push(`first ${vcpuId}`))
    const second = await connection.subscribe(vcpuRemoved, ({ vcpuId }) => seen.push(`second ${vcpuId}`))
    daemon.emit(vcpuRemoved, 0, { domain, vcpuId: 6 })
    await settled()
    await first.close()
    daemon.emit(vcpuRemoved, 0, { domain, vcpuId: 7 })
    await settled()
    expect(seen).toEqual(['first 6', 'second 6', 'second 7'])
    expect(daemon.callsOf(connectDomainEventCallbackRegisterAny)).toHaveLength(1)
    expect(daemon.callsOf(connectDomainEventCallbackDeregisterAny)).toHaveLength(0)
    await second.close()
    expect(daemon.callsOf(connectDomainEventCallbackDeregisterAny)).toHaveLength(1)
  })

  it('that come before the reply of their registration are not lost', async () => {
    const { daemon, connection } = await open()
    daemon.on(connectDomainEventCallbackRegisterAny, (call) => {
      daemon.emit(vcpuRemoved, 41, { domain, vcpuId: 5 })
      call.reply({ callbackId: 41 })
      daemon.emit(vcpuRemoved, 41, { domain, vcpuId: 4 })
    })
    const seen: number[] = []
    await connection.subscribe(vcpuRemoved, ({ vcpuId }) => seen.push(vcpuId))
    await settled()
    expect(seen).toEqual([5, 4])
  })

  it('are heard before the reply of the call that caused them is handled', async () => {
    const { daemon, connection } = await open()
    const story: string[] = []
    await connection.subscribe(vcpuRemoved, ({ vcpuId }) => story.push(`removed ${vcpuId}`))
    daemon.on(domainSetVcpusFlags, (call) => {
      daemon.emit(vcpuRemoved, 0, { domain, vcpuId: 7 })
      call.reply({})
    })
    const args = { domain, count: 7, flags: VcpuFlags.LIVE | VcpuFlags.ASYNC_UNPLUG }
    await connection.call(domainSetVcpusFlags, args)
    story.push('accepted')
    expect(story).toEqual(['removed 7', 'accepted'])
  })

  it('of one domain and of all are two registrations', async () => {
    const { daemon, connection } = await open()
    await connection.subscribe(lifecycle, () => undefined)
    await connection.subscribe(lifecycle, () => undefined, { domain })
    expect(daemon.callsOf(connectDomainEventCallbackRegisterAny).map(({ args }) => args)).toEqual([
      { eventId: 0, domain: null },
      { eventId: 0, domain },
    ])
  })

  it('can be registered again while the old registration is being ended', async () => {
    const { daemon, connection } = await open()
    const story: string[] = []
    daemon.on(connectDomainEventCallbackDeregisterAny, (call) => {
      story.push('deregister')
      setImmediate(() => call.reply({}))
    })
    const first = await connection.subscribe(lifecycle, () => undefined)
    const ended = first.close()
    await Promise.resolve()
    await Promise.resolve()
    const seen: number[] = []
    const second = connection.subscribe(lifecycle, ({ event }) => seen.push(event))
    expect(daemon.callsOf(connectDomainEventCallbackRegisterAny)).toHaveLength(1)
    await Promise.all([ended, second])
    expect(story).toEqual(['deregister'])
    daemon.emit(lifecycle, 0, { domain, event: 2, detail: 0 })
    daemon.emit(lifecycle, 1, { domain, event: 5, detail: 1 })
    await settled()
    expect(seen).toEqual([5])
  })

  it('reach the other listeners when one throws, and the error is told', async () => {
    const onListenerError = vi.fn<(error: unknown, event: string) => void>()
    const { daemon, connection } = await open({ onListenerError })
    const seen: number[] = []
    const bug = new Error('bug')
    await connection.subscribe(vcpuRemoved, () => {
      throw bug
    })
    await connection.subscribe(vcpuRemoved, ({ vcpuId }) => seen.push(vcpuId))
    daemon.emit(vcpuRemoved, 0, { domain, vcpuId: 3 })
    await settled()
    expect(seen).toEqual([3])
    expect(onListenerError).toHaveBeenCalledExactlyOnceWith(bug, 'VIR_DOMAIN_EVENT_ID_VCPU_REMOVED')
    expect(connection.state).toBe('open')
  })

  it('refused by the daemon reject the subscription, and the next attempt asks again', async () => {
    const { daemon, connection } = await open()
    daemon.answer(connectDomainEventCallbackRegisterAny, new Refusal(1, 'unsupported event ID 28', 7))
    await expect(connection.subscribe(vcpuRemoved, () => undefined)).rejects.toMatchObject({ code: 1 })
    await expect(connection.subscribe(vcpuRemoved, () => undefined)).rejects.toMatchObject({ code: 1 })
    expect(daemon.callsOf(connectDomainEventCallbackRegisterAny)).toHaveLength(2)
  })

  it('unknown to this client are counted and do no harm', async () => {
    const { daemon, connection } = await open()
    daemon.emit({ ...vcpuRemoved, procedure: 499 }, 0, { domain, vcpuId: 1 })
    await settled()
    expect(connection.state).toBe('open')
  })

  it('before their registration are bounded', async () => {
    const { daemon, connection } = await open({ maxUnclaimedEvents: 2 })
    daemon.on(connectDomainEventCallbackRegisterAny, () => {
      for (let vcpuId = 0; vcpuId < 3; vcpuId++) daemon.emit(vcpuRemoved, 9, { domain, vcpuId })
    })
    await expect(connection.subscribe(vcpuRemoved, () => undefined)).rejects.toMatchObject({ kind: 'limit' })
    await expect(connection.closed).resolves.toMatchObject({ kind: 'limit' })
  })
})

describe('event streams', () => {
  it('give the events in order and end their registration', async () => {
    const { daemon, connection } = await open()
    const stream = connection.events(vcpuRemoved)
    await stream.ready
    for (const vcpuId of [7, 6]) daemon.emit(vcpuRemoved, 0, { domain, vcpuId })
    const seen: number[] = []
    for await (const { vcpuId } of stream) {
      seen.push(vcpuId)
      if (seen.length === 2) break
    }
    expect(seen).toEqual([7, 6])
    expect(daemon.callsOf(connectDomainEventCallbackDeregisterAny)).toHaveLength(1)
  })

  it('end with an error of kind limit when nobody keeps up, after the kept events', async () => {
    const { daemon, connection } = await open()
    const stream = connection.events(vcpuRemoved, { limit: 2 })
    await stream.ready
    for (const vcpuId of [1, 2, 3]) daemon.emit(vcpuRemoved, 0, { domain, vcpuId })
    await settled()
    await expect(stream.next()).resolves.toMatchObject({ value: { vcpuId: 1 } })
    await expect(stream.next()).resolves.toMatchObject({ value: { vcpuId: 2 } })
    await expect(stream.next()).rejects.toMatchObject({ kind: 'limit' })
    await expect(stream.next()).resolves.toEqual({ done: true, value: undefined })
  })

  it('drop the oldest and count them when asked to', async () => {
    const { daemon, connection } = await open()
    const stream = connection.events(vcpuRemoved, { limit: 1, overflow: 'drop-oldest' })
    await stream.ready
    for (const vcpuId of [1, 2, 3]) daemon.emit(vcpuRemoved, 0, { domain, vcpuId })
    await settled()
    await expect(stream.next()).resolves.toMatchObject({ value: { vcpuId: 3 } })
    expect(stream.dropped).toBe(2)
    await stream.return()
  })

  it('end with an error when the daemon goes, without one when the connection is closed here', async () => {
    const lost = await open()
    const lostStream = lost.connection.events(vcpuRemoved)
    await lostStream.ready
    lost.daemon.hangUp()
    await expect(lostStream.next()).rejects.toMatchObject({ kind: 'closed' })

    const closed = await open()
    const closedStream = closed.connection.events(vcpuRemoved)
    await closedStream.ready
    await closed.connection.close()
    await expect(closedStream.next()).resolves.toEqual({ done: true, value: undefined })
  })

  it('end with the refusal of the daemon', async () => {
    const { daemon, connection } = await open()
    daemon.answer(connectDomainEventCallbackRegisterAny, new Refusal(1, 'unsupported event ID 28', 7))
    const stream = connection.events(vcpuRemoved)
    await expect(stream.next()).rejects.toMatchObject({ code: 1 })
  })
})
