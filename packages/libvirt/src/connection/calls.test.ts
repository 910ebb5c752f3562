import { describe, expect, it } from 'vitest'
import { domain, open, settled } from '../../test/support/open-scripted.ts'
import { Refusal } from '../../test/support/scripted-daemon.ts'
import { VcpuFlags } from '../constants.ts'
import { domainByUuid } from '../domain/domain-ref.ts'
import { isNoDomain, LibvirtError } from '../errors/libvirt-error.ts'
import { connectGetHostname } from '../procedures/connect.ts'
import { domainGetState, domainLookupByName } from '../procedures/domain-lookup.ts'
import { domainSetVcpusFlags } from '../procedures/domain-vcpus.ts'

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

  it('end the connection when nobody waits for those at the daemon and there is room for no other', async () => {
    const { daemon, connection } = await open({ maxInFlight: 2, stuckAfterMs: 5 })
    daemon.on(domainLookupByName, () => undefined)
    const given = ['a', 'b'].map((name) => connection.call(domainLookupByName, { name }, { timeoutMs: 1 }))
    const waiting = connection.call(domainLookupByName, { name: 'c' })
    await Promise.allSettled(given)
    await expect(waiting).rejects.toMatchObject({
      kind: 'closed',
      message: expect.stringContaining('the daemon left 2 calls without an answer') as unknown,
    })
    expect(await connection.closed).toMatchObject({ kind: 'stuck' })
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
