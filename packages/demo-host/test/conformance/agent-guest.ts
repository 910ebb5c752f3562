import { randomUUID } from 'node:crypto'
import {
  AgentState,
  agentLifecycle,
  domainCreateWithFlags,
  domainGetGuestInfo,
  domainGetGuestVcpus,
  domainGetVcpusFlags,
  type DomainRef,
  domainSetGuestVcpus,
  domainSetVcpusFlags,
  vcpuRemoved,
} from '@coreshift/libvirt'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Bench, call, define, refusal, remove, vcpuLines, watch, xmlOf } from './bench.ts'
import { LIVE, GUEST, ASYNC, counts, setCount, setChosen } from './vcpu-calls.ts'

/**
 * A guest with an agent that lets vCPUs go.
 * @param opened the host, once the tests run
 * @param name of the domain, which nobody else uses
 */
export function agentGuest(title: string, opened: () => Bench, name: string): void {
  describe(`${title}: a guest with an agent that lets vCPUs go`, () => {
    let bench: Bench
    let domain: DomainRef
    let removed: { vcpuId: number }[]
    beforeAll(async () => {
      bench = opened()
      const defined = await define(bench, 'agent', name, randomUUID())
      const agent = await watch(bench, agentLifecycle, defined)
      domain = (await call(bench, domainCreateWithFlags, { domain: defined, flags: 0 })).domain
      await bench.waitFor(() => agent.some(({ state }) => state === AgentState.CONNECTED), 'the agent')
      expect(agent.map(({ state, reason }) => [state, reason])).toEqual([
        [2, 1],
        [1, 2],
      ])
      removed = await watch(bench, vcpuRemoved, domain)
    })
    afterAll(() => remove(bench, domain))

    const online = async (): Promise<string | undefined> =>
      (await call(bench, domainGetGuestVcpus, { domain, flags: 0 })).params.string('online')
    const live = async (): Promise<number> => (await counts(bench, domain)).live

    it('shows the agent’s state in its live XML', async () => {
      expect(await xmlOf(bench, domain)).toContain(
        "<target type='virtio' name='org.qemu.guest_agent.0' state='connected'/>",
      )
    })

    it('tells its vCPUs as the guest sees them, and sets them on and off', async () => {
      const { params } = await call(bench, domainGetGuestVcpus, { domain, flags: 0 })
      expect(params.toObject()).toEqual({ vcpus: '0-1', online: '0-1', offlinable: '1' })
      await call(bench, domainSetGuestVcpus, { domain, vcpus: '1', state: 0, flags: 0 })
      expect(await online()).toBe('0')
      expect((await call(bench, domainGetVcpusFlags, { domain, flags: GUEST })).count).toBe(1)
      await setCount(bench, domain, 2, GUEST)
      expect(await online()).toBe('0-1')
      expect(await refusal(bench, domainSetGuestVcpus, { domain, vcpus: '0', state: 0, flags: 0 })).toBe(
        '84 from 10',
      )
      expect(await refusal(bench, domainSetVcpusFlags, { domain, count: 5, flags: GUEST })).toBe('8 from 10')
    })

    it('tells about its system', async () => {
      const { params } = await call(bench, domainGetGuestInfo, { domain, types: 2 | 8, flags: 0 })
      expect(params.string('os.machine')).toBe('x86_64')
      expect(params.string('hostname')).not.toBe('')
      expect(await refusal(bench, domainGetGuestInfo, { domain, types: 4096, flags: 0 })).toBe('8 from 10')
    })

    it('brings an added vCPU online', async () => {
      await setCount(bench, domain, 4, LIVE)
      expect(await live()).toBe(4)
      await bench.waitFor(async () => (await online()) === '0-3', 'the guest to use its new vCPUs')
    })

    it('lets chosen vCPUs go: accepted at once, gone later, with an event', async () => {
      await setChosen(bench, domain, '3', 0, LIVE | 4)
      await bench.waitFor(() => removed.length >= 1, 'the event of vCPU 3')
      await bench.waitFor(async () => (await live()) === 3, 'the count to follow')
      expect(removed.map(({ vcpuId }) => vcpuId)).toEqual([3])
      expect(vcpuLines(await xmlOf(bench, domain))[4]).toBe(
        "<vcpu id='3' enabled='no' hotpluggable='yes' order='4'/>",
      )
    })

    it('goes back to the number it booted with, and not below', async () => {
      await setCount(bench, domain, 2, LIVE | ASYNC)
      await bench.waitFor(async () => (await live()) === 2, 'the removal')
      await bench.waitFor(() => removed.length >= 2, 'the event of vCPU 2')
      expect(removed.map(({ vcpuId }) => vcpuId)).toEqual([3, 2])
      expect(await refusal(bench, domainSetVcpusFlags, { domain, count: 1, flags: LIVE | ASYNC })).toBe(
        '67 from 10',
      )
    })

    it('sends the event for a synchronous removal too', async () => {
      await setCount(bench, domain, 3, LIVE)
      await bench.waitFor(async () => (await online()) === '0-2', 'the guest to use its new vCPU')
      await setCount(bench, domain, 2, LIVE)
      expect(await live()).toBe(2)
      expect(vcpuLines(await xmlOf(bench, domain)).slice(3, 5)).toEqual([
        "<vcpu id='2' enabled='no' hotpluggable='yes'/>",
        "<vcpu id='3' enabled='no' hotpluggable='yes'/>",
      ])
      await bench.waitFor(() => removed.length >= 3, 'the event')
    })
  })
}
