import { describe, expect, it } from 'vitest'
import { domainByUuid, domainSetGuestVcpus, ErrorCode, LibvirtError, TypedParams } from '@coreshift/libvirt'
import { VM_UUID } from '../../test/examples.ts'
import type { Clock } from '../clock.ts'
import type { DomainSession } from '../inventory/inventory-ports.ts'
import { bringOnline } from './ask-agent.ts'

type Report = Readonly<Record<'vcpus' | 'online', string>>

/** A guest whose agent reports these, one after the other and then the last one again. */
function guest(reports: readonly (Report | 'silent')[], refuses = false) {
  let asked = 0
  let reported = 0
  const error = (message: string) =>
    new LibvirtError(
      {
        code: ErrorCode.AGENT_UNRESPONSIVE,
        message,
        domain: 10,
        level: 2,
        str1: null,
        str2: null,
        str3: null,
        int1: 0,
        int2: 0,
        dom: null,
        net: null,
      },
      'domainSetGuestVcpus',
    )
  const session = {
    domain: domainByUuid(VM_UUID),
    host: { id: 'rack1', name: 'rack1' },
    connection: {
      call(procedure: unknown) {
        if (procedure === domainSetGuestVcpus) {
          asked += 1
          return refuses ? Promise.reject(error('not supported')) : Promise.resolve({})
        }
        const report = reports[Math.min(reported, reports.length - 1)]
        reported += 1
        if (report === undefined || report === 'silent') return Promise.reject(error('no answer'))
        const params = Object.entries(report).map(([field, value]) => ({ field, type: 7 as const, value }))
        return Promise.resolve({ params: TypedParams.of(params) })
      },
    },
  }
  // Only these members are used.
  return { session: session as Partial<DomainSession> as DomainSession, asked: () => asked }
}

/** Pauses are over at once. */
const clock: Clock = {
  now: () => 0,
  after(_ms, action) {
    queueMicrotask(action)
    return () => undefined
  },
}

describe('bringing vCPUs online', () => {
  it('is done when the guest says so', async () => {
    const { session } = guest([{ vcpus: '0-3', online: '0-3' }])
    expect(await bringOnline(session, [2, 3], clock)).toEqual({ type: 'online-done', online: [2, 3] })
  })

  it('is asked for again while the guest has not noticed what was added', async () => {
    const { session, asked } = guest([
      { vcpus: '0-1', online: '0-1' },
      { vcpus: '0-2', online: '0-2' },
      { vcpus: '0-3', online: '0-3' },
    ])
    expect(await bringOnline(session, [2, 3], clock)).toMatchObject({ type: 'online-done' })
    expect(asked()).toBe(3)
  })

  it('is asked for again when the guest noticed between the request and the look', async () => {
    const { session, asked } = guest([
      { vcpus: '0-3', online: '0-1' },
      { vcpus: '0-3', online: '0-3' },
    ])
    expect(await bringOnline(session, [2, 3], clock)).toMatchObject({ type: 'online-done' })
    expect(asked()).toBe(2)
  })

  it('is given up after some rounds, and nothing is called offline that the guest does not know', async () => {
    const { session, asked } = guest([{ vcpus: '0-1', online: '0-1' }])
    expect(await bringOnline(session, [2, 3], clock)).toEqual({
      type: 'online-failed',
      reason: 'the guest does not know vCPU 2-3',
      offline: [],
    })
    expect(asked()).toBe(5)
  })

  it('tells what the guest leaves offline', async () => {
    const { session, asked } = guest([{ vcpus: '0-3', online: '0-2' }])
    expect(await bringOnline(session, [2, 3], clock)).toEqual({
      type: 'online-failed',
      reason: 'the guest left vCPU 3 offline',
      offline: [3],
    })
    expect(asked()).toBe(5)
  })

  it('is done where the agent cannot, but the guest did it itself', async () => {
    const { session } = guest([{ vcpus: '0-3', online: '0-3' }], true)
    expect(await bringOnline(session, [2, 3], clock)).toMatchObject({ type: 'online-done' })
  })

  it('says nothing of vCPUs of which the agent says nothing', async () => {
    const { session } = guest(['silent'], true)
    expect(await bringOnline(session, [2, 3], clock)).toEqual({
      type: 'online-failed',
      reason: 'not supported',
      offline: [],
    })
  })
})
