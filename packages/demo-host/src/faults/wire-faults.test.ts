import { type Connection, domainGetState, domainSetVcpusFlags, vcpuRemoved } from '@coreshift/libvirt'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { refOf, VirtualLab } from '../../test/support/virtual-lab.ts'
import { seededRandom } from '../random.ts'
import type { Fault } from './fault-script.ts'
import { FaultScript } from './fault-script.ts'

const SET = 'virDomainSetVcpusFlags'

let lab: VirtualLab
let connection: Connection
let seen: string[]

beforeEach(async () => {
  lab = await VirtualLab.start()
  connection = await lab.connect()
  seen = []
  await lab.until(connection.subscribe(vcpuRemoved, ({ vcpuId }) => seen.push(`removed ${vcpuId}`)))
})
afterEach(() => lab.stop())

async function remove(count: number): Promise<void> {
  const domain = await refOf(lab, connection)
  const call = connection.call(domainSetVcpusFlags, { domain, count, flags: 33 })
  // Each test decides what it expects of the reply.
  void call.then(
    () => seen.push('reply'),
    (error: Error) => seen.push(`error ${error.name}`),
  )
}

const onReply = (fault: Fault) => lab.demo.control.addFault('lab', { on: 'reply', name: SET, fault })
const onEvent = (fault: Fault) =>
  lab.demo.control.addFault('lab', { on: 'event', name: 'vcpu-removed', fault })

describe('on the way to the client', () => {
  it('a reply is lost: the change was made, nobody says so', async () => {
    onReply({ kind: 'lose' })
    await remove(3)
    await lab.clock.advance(10_000)
    expect(seen).toEqual(['removed 3'])
    expect(lab.demo.control.vm('lab', 'vm').counted).toHaveLength(3)
  })

  it('an event comes before the reply', async () => {
    onReply({ kind: 'after-event', atMostMs: 60_000 })
    await remove(3)
    await lab.clock.advance(1000)
    expect(seen).toEqual(['removed 3', 'reply'])
  })

  it('a reply that waits for an event comes in the end even when there is none', async () => {
    lab.domain().guest.behaviour = 'never-answers'
    onReply({ kind: 'after-event', atMostMs: 2000 })
    await remove(3)
    await lab.clock.advance(1999)
    expect(seen).toEqual([])
    await lab.clock.advance(10)
    expect(seen).toEqual(['reply'])
  })

  it('an event is lost', async () => {
    onEvent({ kind: 'lose' })
    await remove(2)
    await lab.clock.advance(5000)
    expect(seen).toHaveLength(2)
    expect(lab.demo.control.vm('lab', 'vm').counted).toHaveLength(2)
  })

  it('an event comes twice', async () => {
    onEvent({ kind: 'duplicate' })
    await remove(3)
    await lab.clock.advance(1000)
    expect(seen).toEqual(['reply', 'removed 3', 'removed 3'])
  })

  it('an event comes late, and what was sent after it overtakes it', async () => {
    onEvent({ kind: 'delay', ms: 8000 })
    await remove(3)
    await lab.clock.advance(7000)
    const domain = await refOf(lab, connection)
    await lab.until(connection.call(domainGetState, { domain, flags: 0 }))
    expect(seen).toEqual(['reply'])
    await lab.clock.advance(2000)
    expect(seen).toEqual(['reply', 'removed 3'])
  })

  it.each([0, 1, 3, 4, 27, 28, 29])('the connection is cut after %i bytes of a reply', async (afterBytes) => {
    onReply({ kind: 'cut', afterBytes })
    await remove(3)
    const { kind } = await lab.until(connection.closed)
    expect(kind).toBe('peer')
    await lab.clock.advance(1000)
    expect(lab.demo.control.vm('lab', 'vm').counted).toHaveLength(3)
  })

  it('a reply drips byte by byte, and what follows waits for its end', async () => {
    onReply({ kind: 'drip', bytes: 1, everyMs: 50 })
    await remove(3)
    await lab.clock.advance(1000)
    expect(seen).toEqual([])
    await lab.clock.advance(1000)
    expect(seen.toSorted()).toEqual(['removed 3', 'reply'])
  })

  it('everything stalls for a while', async () => {
    lab.demo.control.stall('lab', 4000)
    const domain = refOf(lab, connection)
    await lab.clock.advance(3000)
    expect(seen).toEqual([])
    expect((await domain).name).toBe('vm')
  })

  it.each(['length', 'payload'] as const)(
    'a packet with a spoiled %s is noticed by the client',
    async (what) => {
      if (what === 'length') onReply({ kind: 'malform', what })
      else onEvent({ kind: 'malform', what })
      await remove(3)
      const { kind } = await lab.until(connection.closed)
      expect(kind).not.toBe('closed')
    },
  )
})

describe('a rule', () => {
  const packet = { kind: 'reply', name: SET, domain: null, session: 0 } as const

  it('strikes once unless told otherwise, after as many packets as it should let pass', () => {
    const script = new FaultScript(seededRandom(1))
    script.add({ name: SET, skip: 2, times: 2, fault: { kind: 'lose' } })
    const struck = Array.from({ length: 6 }, () => script.take(packet)?.kind ?? 'passes')
    expect(struck).toEqual(['passes', 'passes', 'lose', 'lose', 'passes', 'passes'])
    expect(script.armed).toBe(0)
  })

  it('can be taken back', () => {
    const script = new FaultScript(seededRandom(1))
    script.add({ fault: { kind: 'lose' } })()
    expect(script.take(packet)).toBeUndefined()
  })

  it('with a chance strikes the same packets for the same seed, and others for another', () => {
    const struck = (seed: number): string => {
      const script = new FaultScript(seededRandom(seed))
      script.add({ chance: 0.4, times: 1000, fault: { kind: 'lose' } })
      return Array.from({ length: 60 }, () => (script.take(packet) === undefined ? '.' : 'x')).join('')
    }
    expect(struck(3)).toBe(struck(3))
    expect(struck(3)).not.toBe(struck(4))
    expect(struck(3)).toMatch(/x/)
    expect(struck(3)).toMatch(/\./)
  })

  it('without a kind leaves keepalive alone', () => {
    const script = new FaultScript(seededRandom(1))
    script.add({ fault: { kind: 'lose' } })
    expect(script.take({ ...packet, kind: 'keepalive' })).toBeUndefined()
  })
})
