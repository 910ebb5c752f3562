import type { Duplex } from 'node:stream'
import { describe, expect, it, vi } from 'vitest'
import { open, settled } from '../../test/support/open-scripted.ts'
import { Refusal, ScriptedDaemon } from '../../test/support/scripted-daemon.ts'
import { connect } from '../connect.ts'
import { isConnectionError } from '../errors/connection-error.ts'
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
import type { Connection } from './connection.ts'

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

  it('gives up although its transport never comes, and closes one that comes late', async () => {
    const late = Promise.withResolvers<Duplex>()
    const opened = connect('qemu:///system', { transport: () => late.promise, timeoutMs: 5 })
    await expect(opened).rejects.toMatchObject({ kind: 'timeout' })
    const stream = new ScriptedDaemon().transport()
    late.resolve(stream)
    await vi.waitFor(() => expect(stream.destroyed).toBe(true))
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
