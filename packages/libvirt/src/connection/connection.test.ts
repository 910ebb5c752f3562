import { describe, expect, it, vi } from 'vitest'
import { Refusal, ScriptedDaemon } from '../../test/support/scripted-daemon.ts'
import { connect, type ConnectOptions } from '../connect.ts'
import { VcpuFlags } from '../constants.ts'
import { domainByUuid } from '../domain/domain-ref.ts'
import { isConnectionError } from '../errors/connection-error.ts'
import { isNoDomain, LibvirtError } from '../errors/libvirt-error.ts'
import { lifecycle, vcpuRemoved } from '../events/domain-events.ts'
import {
  connectClose,
  connectDomainEventCallbackDeregisterAny,
  connectDomainEventCallbackRegisterAny,
  connectGetHostname,
  connectGetLibVersion,
  connectGetVersion,
  connectListAllDomains,
  connectOpen,
} from '../procedures/connect.ts'
import { authList, authPolkit } from '../procedures/auth.ts'
import { domainGetState, domainLookupByName } from '../procedures/domain-lookup.ts'
import { domainSetVcpusFlags } from '../procedures/domain-vcpus.ts'
import type { Connection } from './connection.ts'

const domain = { name: 'ppc', uuid: '27fe1c41-4d1a-4ab0-a08e-fd318a488aab', id: 22 }

async function open(
  options: ConnectOptions = {},
): Promise<{ daemon: ScriptedDaemon; connection: Connection }> {
  const daemon = new ScriptedDaemon()
  const connection = await connect('qemu:///system', {
    transport: daemon.transport,
    keepalive: false,
    ...options,
  })
  return { daemon, connection }
}

/** Lets everything that is on its way through the in-memory stream arrive. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
}

describe('opening', () => {
  it('tells what the daemon is', async () => {
    const { connection } = await open()
    expect(connection).toMatchObject({
      uri: 'qemu:///system',
      driver: 'QEMU',
      libraryVersion: 12_008_000,
      hypervisorVersion: 11_001_003,
      supportsAsyncVcpuUnplug: true,
      state: 'open',
    })
  })

  it('asks an older daemon whether it knows the event, and believes its refusal', async () => {
    const daemon = new ScriptedDaemon()
    daemon.answer(connectGetLibVersion, { version: 9_000_000n })
    daemon.answer(connectDomainEventCallbackRegisterAny, new Refusal(1, 'unsupported event ID 28', 7))
    const connection = await connect('qemu:///system', { transport: daemon.transport })
    expect(connection.supportsAsyncVcpuUnplug).toBe(false)
    expect(daemon.callsOf(connectDomainEventCallbackRegisterAny)[0]?.args).toEqual({
      eventId: 28,
      domain: null,
    })
    await connection.close()
  })

  it('finds a backport of the event in an older daemon and leaves no registration behind', async () => {
    const daemon = new ScriptedDaemon()
    daemon.answer(connectGetLibVersion, { version: 11_000_000n })
    const connection = await connect('qemu:///system', { transport: daemon.transport })
    expect(connection.supportsAsyncVcpuUnplug).toBe(true)
    expect(daemon.callsOf(connectDomainEventCallbackDeregisterAny)).toHaveLength(1)
    await connection.close()
  })

  it('is not stopped by a driver that cannot tell its hypervisor version', async () => {
    const daemon = new ScriptedDaemon()
    daemon.answer(connectGetVersion, new Refusal(3, 'this function is not supported'))
    const connection = await connect('test:///default', { transport: daemon.transport })
    expect(connection.hypervisorVersion).toBeNull()
    await connection.close()
  })

  it('sends the read-only flag', async () => {
    const { daemon } = await open({ readOnly: true })
    expect(daemon.callsOf(connectOpen)[0]?.args).toEqual({ uri: 'qemu:///system', flags: 1 })
  })

  it('authenticates with polkit when the daemon asks for it', async () => {
    const daemon = new ScriptedDaemon()
    daemon.answer(authList, { types: [2] })
    daemon.answer(authPolkit, { complete: 1 })
    const connection = await connect('qemu:///system', { transport: daemon.transport })
    expect(daemon.callsOf(authPolkit)).toHaveLength(1)
    await connection.close()
  })

  it('rejects with libvirt’s own error when the driver refuses', async () => {
    const daemon = new ScriptedDaemon()
    daemon.answer(connectOpen, new Refusal(5, 'no connection driver available', 0))
    await expect(connect('nope:///system', { transport: daemon.transport })).rejects.toMatchObject({
      name: 'LibvirtError',
      code: 5,
      codeName: 'NO_CONNECT',
    })
  })

  it('gives up after its time limit', async () => {
    const daemon = new ScriptedDaemon()
    daemon.on(authList, () => undefined)
    await expect(
      connect('qemu:///system', { transport: daemon.transport, timeoutMs: 20 }),
    ).rejects.toMatchObject({ kind: 'timeout', message: expect.stringContaining('20 ms') })
  })

  it('gives up when the caller does', async () => {
    const daemon = new ScriptedDaemon()
    const controller = new AbortController()
    daemon.on(authList, () => controller.abort(new Error('changed my mind')))
    await expect(
      connect('qemu:///system', { transport: daemon.transport, signal: controller.signal }),
    ).rejects.toMatchObject({ kind: 'aborted' })
  })

  it.each([0, 1.5, -1, Number.NaN])('refuses a limit of %s', async (maxInFlight) => {
    await expect(open({ maxInFlight })).rejects.toMatchObject({ kind: 'argument' })
  })
})

describe('calls', () => {
  it('come back in any order, each to its caller', async () => {
    const { daemon, connection } = await open()
    daemon.on(domainLookupByName, () => undefined)
    const names = ['a', 'b', 'c']
    const answers = names.map((name) => connection.call(domainLookupByName, { name }))
    await settled()
    for (const call of daemon.callsOf(domainLookupByName).reverse()) {
      const { name } = call.args as { name: string }
      call.reply({ domain: { ...domain, name } })
    }
    const domains = await Promise.all(answers)
    expect(domains.map((each) => each.domain.name)).toEqual(names)
  })

  it('reject with every field of libvirt’s error', async () => {
    const { daemon, connection } = await open()
    daemon.answer(domainLookupByName, new Refusal(42, "no domain with matching name 'nope'"))
    const error = await connection
      .call(domainLookupByName, { name: 'nope' })
      .catch((reason: unknown) => reason)
    expect(isNoDomain(error)).toBe(true)
    expect(error).toBeInstanceOf(LibvirtError)
    expect(error).toMatchObject({
      code: 42,
      domain: 10,
      level: 2,
      int1: -1,
      str2: "no domain with matching name 'nope'",
    })
  })

  it('keep at most maxInFlight at the daemon and the rest waiting, in order', async () => {
    const { daemon, connection } = await open({ maxInFlight: 2 })
    daemon.on(domainLookupByName, () => undefined)
    const answers = ['a', 'b', 'c', 'd'].map((name) => connection.call(domainLookupByName, { name }))
    await settled()
    expect(daemon.callsOf(domainLookupByName)).toHaveLength(2)
    expect({ inFlight: connection.inFlight, queued: connection.queued }).toEqual({ inFlight: 2, queued: 2 })
    for (let i = 0; i < 4; i++) {
      daemon.callsOf(domainLookupByName)[i]?.reply({ domain })
      await answers[i]
      await settled()
    }
    const order = daemon.callsOf(domainLookupByName).map(({ args }) => (args as { name: string }).name)
    expect(order).toEqual(['a', 'b', 'c', 'd'])
  })

  it('are refused with kind limit when too many wait', async () => {
    const { daemon, connection } = await open({ maxInFlight: 1, maxQueuedCalls: 1 })
    daemon.on(connectGetHostname, () => undefined)
    const kept = [connection.call(connectGetHostname), connection.call(connectGetHostname)]
    const outcomes = Promise.allSettled(kept)
    await expect(connection.call(connectGetHostname)).rejects.toMatchObject({
      kind: 'limit',
      message: expect.stringContaining('maxQueuedCalls'),
    })
    daemon.hangUp()
    await outcomes
  })

  it('keep their place at the daemon after the caller gave up, and a late reply does no harm', async () => {
    const { daemon, connection } = await open({ maxInFlight: 1 })
    daemon.on(connectGetHostname, () => undefined)
    const controller = new AbortController()
    const given = connection.call(connectGetHostname, {}, { signal: controller.signal })
    await settled()
    controller.abort()
    await expect(given).rejects.toMatchObject({ kind: 'aborted' })
    const next = connection.call(domainGetState, { domain, flags: 0 })
    await settled()
    expect(daemon.callsOf(domainGetState)).toHaveLength(0)
    daemon.answer(domainGetState, { state: 1, reason: 1 })
    daemon.callsOf(connectGetHostname)[0]?.reply({ hostname: 'late' })
    await expect(next).resolves.toEqual({ state: 1, reason: 1 })
    expect(connection.state).toBe('open')
  })

  it('are never sent when the caller gives up while they wait', async () => {
    const { daemon, connection } = await open({ maxInFlight: 1 })
    daemon.on(connectGetHostname, () => undefined)
    const first = connection.call(connectGetHostname)
    const waiting = connection.call(domainGetState, { domain, flags: 0 }, { signal: AbortSignal.timeout(1) })
    await expect(waiting).rejects.toMatchObject({ kind: 'aborted' })
    daemon.callsOf(connectGetHostname)[0]?.reply({ hostname: 'h' })
    await first
    await settled()
    expect(daemon.callsOf(domainGetState)).toHaveLength(0)
  })

  it('give up after their own time limit', async () => {
    const { daemon, connection } = await open()
    daemon.on(connectGetHostname, () => undefined)
    await expect(connection.call(connectGetHostname, {}, { timeoutMs: 5 })).rejects.toMatchObject({
      kind: 'timeout',
      message: 'virConnectGetHostname: no answer within 5 ms',
    })
  })

  it('name the field of an argument that cannot be sent, and nothing is sent', async () => {
    const { daemon, connection } = await open()
    const args = { domain: domainByUuid('no-uuid'), count: 2, flags: VcpuFlags.LIVE }
    await expect(connection.call(domainSetVcpusFlags, args)).rejects.toMatchObject({
      kind: 'argument',
      message: 'virDomainSetVcpusFlags: domain.uuid: "no-uuid" is not a UUID',
    })
    expect(daemon.callsOf(domainSetVcpusFlags)).toHaveLength(0)
    expect(connection.state).toBe('open')
  })
})

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

describe('the end of a connection', () => {
  it('fails open and waiting calls and later ones, and is told as data', async () => {
    const { daemon, connection } = await open({ maxInFlight: 1 })
    daemon.on(connectGetHostname, () => undefined)
    const calls = [connection.call(connectGetHostname), connection.call(connectGetHostname)]
    const outcomes = Promise.allSettled(calls)
    daemon.hangUp()
    const reason = await connection.closed
    expect(reason).toEqual({ kind: 'peer', message: 'the daemon closed the connection', error: null })
    for (const outcome of await outcomes) {
      expect(outcome.status === 'rejected' && isConnectionError(outcome.reason, 'closed')).toBe(true)
    }
    await expect(connection.call(connectGetHostname)).rejects.toMatchObject({ kind: 'closed' })
    expect(connection.state).toBe('closed')
  })

  it('comes from close(), which tells the daemon and can be called twice', async () => {
    const { daemon, connection } = await open()
    await Promise.all([connection.close(), connection.close()])
    expect(daemon.callsOf(connectClose)).toHaveLength(1)
    await expect(connection.closed).resolves.toMatchObject({ kind: 'local' })
  })

  it('comes from close() also when the daemon does not answer it', async () => {
    const { daemon, connection } = await open({ closeTimeoutMs: 5 })
    daemon.on(connectClose, () => undefined)
    await connection.close()
    await expect(connection.closed).resolves.toMatchObject({ kind: 'local' })
  })

  it('comes with the end of an "await using" block', async () => {
    const daemon = new ScriptedDaemon()
    let left: Connection
    {
      await using connection = await connect('qemu:///system', { transport: daemon.transport })
      left = connection
      expect(connection.state).toBe('open')
    }
    expect(left.state).toBe('closed')
  })

  const ok = Buffer.from('0000001c20008086000000010000000300000001000000630000000000', 'hex').subarray(0, 28)
  const changed = (at: number, value: number): Buffer => {
    const copy = Buffer.from(ok)
    copy.writeUInt32BE(value >>> 0, at)
    return copy
  }
  it.each([
    ['a length below the header', changed(0, 27), /27 bytes was announced/],
    ['a length above the limit', changed(0, 0xffff_ffff), /4294967295 bytes was announced/],
    ['an unknown version', changed(8, 2), /version 2/],
    ['a call', changed(16, 0), /type 0/],
    ['a stream packet', changed(16, 3), /type 3/],
    ['a reply that nobody waits for', ok, /serial 99/],
  ])('is a protocol error after %s', async (_, packet, message) => {
    const { daemon, connection } = await open()
    daemon.sendRaw(packet)
    const reason = await connection.closed
    expect(reason.kind).toBe('protocol')
    expect(reason.message).toMatch(message)
  })

  it('is a protocol error after a reply that cannot be read, and says where', async () => {
    const { daemon, connection } = await open()
    daemon.on(connectListAllDomains, (call) => {
      const packet = Buffer.alloc(36)
      packet.writeUInt32BE(36, 0)
      packet.writeUInt32BE(call.header.program, 4)
      packet.writeUInt32BE(1, 8)
      packet.writeInt32BE(call.header.procedure, 12)
      packet.writeInt32BE(1, 16)
      packet.writeUInt32BE(call.header.serial, 20)
      packet.writeUInt32BE(1, 28)
      daemon.sendRaw(packet)
    })
    await expect(connection.call(connectListAllDomains, { needResults: 1, flags: 0 })).rejects.toMatchObject({
      kind: 'protocol',
      message: expect.stringContaining('domains[0]'),
    })
  })
})

describe('keepalive', () => {
  it('answers the daemon’s pings', async () => {
    const { daemon, connection } = await open()
    daemon.sendPing()
    await settled()
    expect(daemon.keepalives).toEqual([2])
    await connection.close()
  })

  it('ends a connection whose daemon has fallen silent', async () => {
    const { daemon, connection } = await open({ keepalive: { intervalMs: 2, count: 3 } })
    const reason = await connection.closed
    expect(reason.kind).toBe('keepalive')
    expect(daemon.keepalives).toEqual([1, 1, 1])
  })
})
