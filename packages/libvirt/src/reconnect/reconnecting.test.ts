import type { Duplex } from 'node:stream'
import { describe, expect, it, vi } from 'vitest'
import { type ArrivedCall, Refusal, ScriptedDaemon } from '../../test/support/scripted-daemon.ts'
import type { Connection } from '../connection/connection.ts'
import { lifecycle, vcpuRemoved } from '../events/domain-events.ts'
import { connectDomainEventCallbackRegisterAny } from '../procedures/connect.ts'
import { type LinkState, type ReconnectOptions, ReconnectingLink } from './reconnecting.ts'

const domain = { name: 'ppc', uuid: '27fe1c41-4d1a-4ab0-a08e-fd318a488aab', id: 22 }
const quick = { firstMs: 1, maxMs: 2, jitter: 0 }

/** One daemon after the other, in the order of connecting; `null` cannot be reached. */
function daemons(...all: (ScriptedDaemon | null)[]): () => Duplex {
  const left = [...all]
  return () => {
    const next = left.shift()
    if (next === null || next === undefined) throw new Error('nobody there')
    return next.transport()
  }
}

function linkTo(transport: () => Duplex, options: ReconnectOptions = {}) {
  const states: LinkState['kind'][] = []
  const connected: { connection: Connection; missedEvents: boolean }[] = []
  const link = new ReconnectingLink('qemu:///system', {
    transport,
    keepalive: false,
    backOff: quick,
    onState: ({ kind }) => states.push(kind),
    onConnected: (connection, { missedEvents }) => void connected.push({ connection, missedEvents }),
    ...options,
  })
  return { link, states, connected }
}

describe('a reconnecting link', () => {
  it('comes back after the daemon went, with its events registered, and tells that some may be missing', async () => {
    const [first, second] = [new ScriptedDaemon(), new ScriptedDaemon()]
    const { link, states, connected } = linkTo(daemons(first, null, second))
    const seen: number[] = []
    await link.subscribe(vcpuRemoved, ({ vcpuId }) => seen.push(vcpuId))
    await vi.waitFor(() => expect(connected).toHaveLength(1))
    first.emit(vcpuRemoved, 0, { domain, vcpuId: 1 })
    await vi.waitFor(() => expect(seen).toEqual([1]))
    first.hangUp()
    await vi.waitFor(() => expect(connected).toHaveLength(2))
    expect(second.callsOf(connectDomainEventCallbackRegisterAny)).toHaveLength(1)
    second.emit(vcpuRemoved, 0, { domain, vcpuId: 2 })
    await vi.waitFor(() => expect(seen).toEqual([1, 2]))
    expect(connected.map(({ missedEvents }) => missedEvents)).toEqual([false, true])
    expect(states).toEqual([
      'connecting',
      'connected',
      'waiting',
      'connecting',
      'waiting',
      'connecting',
      'connected',
    ])
    await link.close()
    expect(link.state).toEqual({ kind: 'ended' })
  })

  it('comes back although the caller is still busy with the connection that was lost', async () => {
    const [first, second] = [new ScriptedDaemon(), new ScriptedDaemon()]
    const seen: boolean[] = []
    const onConnected = (_: Connection, { missedEvents }: { readonly missedEvents: boolean }) => {
      seen.push(missedEvents)
      return new Promise<void>(() => undefined)
    }
    const { link } = linkTo(daemons(first, second), { onConnected })
    await vi.waitFor(() => expect(seen).toEqual([false]))
    first.hangUp()
    await vi.waitFor(() => expect(seen).toEqual([false, true]))
    // Also while the caller is busy.
    await link.close()
    expect(link.state).toEqual({ kind: 'ended' })
  })

  it('registers a listener that comes while the others are being registered', async () => {
    const daemon = new ScriptedDaemon()
    const waiting: ArrivedCall[] = []
    daemon.on(connectDomainEventCallbackRegisterAny, (call) => waiting.push(call))
    const { link, connected } = linkTo(daemons(daemon))
    await link.subscribe(vcpuRemoved, () => undefined)
    await vi.waitFor(() => expect(waiting).toHaveLength(1))
    const second = link.subscribe(lifecycle, () => undefined)
    await vi.waitFor(() => expect(waiting).toHaveLength(2))
    waiting.forEach((call, callbackId) => call.reply({ callbackId }))
    await second
    await vi.waitFor(() => expect(connected).toHaveLength(1))
    await link.close()
  })

  it('cuts a connection whose caller fails, and tries again', async () => {
    const seen: boolean[] = []
    const onConnected = (_: Connection, { missedEvents }: { readonly missedEvents: boolean }) => {
      seen.push(missedEvents)
      if (!missedEvents) throw new Error('not yet')
    }
    const { link } = linkTo(daemons(new ScriptedDaemon(), new ScriptedDaemon()), { onConnected })
    await vi.waitFor(() => expect(seen).toEqual([false, true]))
    await link.close()
  })

  it('stops at once while it waits', async () => {
    const { link, states } = linkTo(daemons(), { backOff: { firstMs: 3_600_000, maxMs: 3_600_000 } })
    await vi.waitFor(() => expect(states).toContain('waiting'))
    await link.close()
    expect(link.state).toEqual({ kind: 'ended' })
  })

  it('ends its connection with the signal', async () => {
    const controller = new AbortController()
    const { link, connected } = linkTo(daemons(new ScriptedDaemon()), { signal: controller.signal })
    await vi.waitFor(() => expect(connected).toHaveLength(1))
    controller.abort()
    await expect(connected[0]?.connection.closed).resolves.toMatchObject({ kind: 'local' })
    await link.close()
  })

  it('keeps going without an event that the new daemon refuses, and tells it', async () => {
    const [first, second] = [new ScriptedDaemon(), new ScriptedDaemon()]
    second.answer(connectDomainEventCallbackRegisterAny, new Refusal(1, 'unsupported event ID 28', 7))
    const onRegistrationRefused = vi.fn<(error: Error, event: string) => void>()
    const { link, connected } = linkTo(daemons(first, second), { onRegistrationRefused })
    await link.subscribe(vcpuRemoved, () => undefined)
    await vi.waitFor(() => expect(connected).toHaveLength(1))
    first.hangUp()
    await vi.waitFor(() => expect(connected).toHaveLength(2))
    expect(onRegistrationRefused).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ code: 1 }),
      'VIR_DOMAIN_EVENT_ID_VCPU_REMOVED',
    )
    await link.close()
  })

  it('refuses a subscription that the open daemon refuses', async () => {
    const daemon = new ScriptedDaemon()
    daemon.answer(connectDomainEventCallbackRegisterAny, new Refusal(1, 'unsupported event ID 28', 7))
    const { link, connected } = linkTo(daemons(daemon))
    await vi.waitFor(() => expect(connected).toHaveLength(1))
    await expect(link.subscribe(vcpuRemoved, () => undefined)).rejects.toMatchObject({ code: 1 })
    await link.close()
  })
})
