import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HostList, type ResizeRequestInput } from '@coreshift/shared/contract'
import { startOldRealHost, type OldHost } from '../../../../../e2e/real-host/real-host.ts'
import { ownName, realLab, type RealLab } from './real-lab.ts'

// The resize engine over libvirt 9.0, which cannot unplug without waiting: it is asked, and says so in its answer.

const LETS_GO = ownName('old-ppc')
const HELD = ownName('old-held')

let old: OldHost
let lab: RealLab

beforeAll(async () => {
  old = await startOldRealHost()
  lab = await realLab({ hosts: [['old', old.host]] })
  // QEMU 7.2 emulates one thread of a POWER9 core and no more.
  await lab.define({ name: LETS_GO, kind: 'ppc', vcpus: 4, threads: 1, maxVcpus: 8 })
  await lab.define({ name: HELD, kind: 'x86', vcpus: 2, maxVcpus: 8, completesUnplug: false })
})

afterAll(async () => {
  await lab[Symbol.asyncDispose]()
  await old[Symbol.asyncDispose]()
})

const live = (sockets: number) =>
  ({ sockets, mode: 'live', acknowledge: ['unverified-guest-os'] }) satisfies ResizeRequestInput

it('the host says that its removals are confirmed by asking', async () => {
  const token = await lab.tokenFor('viewer')
  const response = await lab.call('GET', '/api/v1/hosts', { token })
  expect(HostList.parse(await response.json()).items).toMatchObject([
    {
      name: 'old',
      libvirtVersion: expect.stringMatching(/^9\./),
      asyncUnplug: false,
    },
  ])
})

describe('a guest that lets go', () => {
  it('grows, shrinks and grows again', async () => {
    await lab.boot(LETS_GO)
    for (const sockets of [6, 4, 5]) {
      const ended = await lab.resized(LETS_GO, live(sockets))
      expect(ended).toMatchObject({ state: 'converged', to: { sockets, vcpus: sockets } })
      expect(await lab.vcpuCount(LETS_GO, 'live')).toBe(sockets)
      await old.host.waitForOnline(LETS_GO, `0-${sockets - 1}`)
      expect(lab.vm(LETS_GO)).toMatchObject({ vcpuCount: sockets, hypervisor: sockets, pendingVcpus: 0 })
    }
    await old.host.stopGuest(LETS_GO)
  })
})

describe('a guest whose removal QEMU never reports', () => {
  it('is waited for as long as the policy says, and is said to be silent', async () => {
    await lab.boot(HELD)
    expect(await lab.resized(HELD, live(3))).toMatchObject({ state: 'converged' })
    await old.host.waitForOnline(HELD, '0-2')
    const policy = { deadlineMs: 10_000, attempts: 2, ending: 'fail' } as const
    const ended = await lab.resized(HELD, { ...live(2), policy })
    expect(ended).toMatchObject({ state: 'failed', overdue: true, attempts: 2 })
    expect(ended.sentence).toMatch(/^0 of 1 removed; no answer to 2 requests for vCPU 2\. /)
    expect(await lab.vcpuCount(HELD, 'live')).toBe(3)
    await old.host.stopGuest(HELD)
  })
})
