import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ResizeRequestInput } from '@coreshift/shared/contract'
import { realHost } from '../../../../../e2e/real-host/real-host.ts'
import { ownName, realLab, type RealLab } from './real-lab.ts'
import { watchRequests } from './watch-requests.ts'

// What the engine has the real guest agent do: vCPUs offline before an unplug, and online after an addition.

const host = realHost()
const AGENT = ownName('agent')
const CLINGS = ownName('agent-clings')
const SILENT = ownName('agent-none')

const DRAIN = { deadlineMs: 60_000, attempts: 3, ending: 'fail', drain: true } as const

/** Inside the host's system. */
const STATE_FILE = `/tmp/${AGENT}.state`

/** What happens between the drain and the unplug. */
let beforeUnplug = async (): Promise<void> => {}
/** CPUs that the guest's own kernel had online when each request of a resize was about to be sent. */
const onlineAtRequest: string[] = []

let lab: RealLab

beforeAll(async () => {
  lab = await realLab({ connect: watchRequests(lookFirst) })
  const x86 = { kind: 'x86', vcpus: 2 } as const
  await lab.define({ ...x86, name: AGENT, agent: true })
  await lab.define({ ...x86, name: CLINGS, agent: true, behaviour: 'refuse' })
  await lab.define({ ...x86, name: SILENT })
})

afterAll(async () => {
  await lab[Symbol.asyncDispose]()
})

beforeEach(() => {
  beforeUnplug = async () => {}
  onlineAtRequest.length = 0
})

async function lookFirst(): Promise<void> {
  for (const name of [AGENT, CLINGS]) {
    if ((await host.runningGuests()).includes(name)) onlineAtRequest.push(await guestsOwnView(name))
  }
  await beforeUnplug()
}

/** CPUs online, as the guest's kernel tells its agent. */
async function guestsOwnView(name: string): Promise<string> {
  const report = await host.mustVirsh('guestvcpus', name)
  return /^online\s*: (.*)$/m.exec(report)?.[1] ?? report
}

async function bootWithAgent(name: string): Promise<void> {
  await lab.boot(name)
  await lab.vmWhen(name, ({ guestOnline }) => guestOnline === 2)
}

/** @throws Error with QEMU's words where it refuses */
async function monitor(execute: string, args: object = {}): Promise<string> {
  const answer = await host.mustVirsh(
    'qemu-monitor-command',
    AGENT,
    JSON.stringify({ execute, arguments: args }),
  )
  if (answer.includes('"error"')) throw new Error(`${execute}: ${answer}`)
  return answer
}

const live = (sockets: number) =>
  ({ sockets, mode: 'live', acknowledge: ['unverified-guest-os'] }) satisfies ResizeRequestInput

describe('a guest whose agent takes CPUs offline', () => {
  it('has brought online what was added before the addition is called done', async () => {
    await bootWithAgent(AGENT)
    const added = await lab.resized(AGENT, live(4))
    const { state, vcpus, sentence } = added
    const states = vcpus.map((vcpu) => `${vcpu.id}:${vcpu.state}`).join(' ')
    expect({ state, states, sentence }).toMatchObject({ state: 'converged', states: '2:present 3:present' })
    expect(added.timeline.map(({ what }) => what)).toContain('online')
    expect(await guestsOwnView(AGENT)).toBe('0-3')
  })

  it('keeps what QEMU will not unplug, and uses it again', async () => {
    // QEMU removes no device while it writes its state away; nothing that the plan could know before.
    beforeUnplug = async () => {
      await monitor('migrate-set-parameters', { 'max-bandwidth': 4096 })
      await monitor('migrate', { uri: `file:${STATE_FILE}` })
    }
    const ended = await lab.resized(AGENT, { ...live(2), policy: DRAIN })
    expect(onlineAtRequest[0]).toBe('0-1')
    expect(ended).toMatchObject({ state: 'failed' })
    expect(ended.sentence).toMatch(/^0 of 2 removed\. The request was refused by libvirt: .*migrat/)
    await expect.poll(() => guestsOwnView(AGENT), { timeout: 60_000 }).toBe('0-3')
    expect(await lab.vcpuCount(AGENT, 'live')).toBe(4)
    await monitor('migrate_cancel')
    await expect.poll(() => monitor('query-migrate'), { timeout: 60_000 }).toContain('"cancelled"')
    await rm(join(host.layout.root, STATE_FILE))
  })

  it('has none of them online any more when the unplug is sent', async () => {
    const removed = await lab.resized(AGENT, { ...live(2), policy: DRAIN })
    expect(removed).toMatchObject({ state: 'converged' })
    expect(new Set(onlineAtRequest)).toEqual(new Set(['0-1']))
    expect(await lab.vcpuCount(AGENT, 'live')).toBe(2)
    await host.waitForOnline(AGENT, '0-1')
    await host.stopGuest(AGENT)
  })
})

describe('a guest that cannot do without its last CPU', () => {
  it('is not asked to unplug: the reason is shown, and what it took offline is online again', async () => {
    await bootWithAgent(CLINGS)
    expect(await lab.resized(CLINGS, live(4))).toMatchObject({ state: 'converged' })
    await host.waitForOnline(CLINGS, '2-3')
    onlineAtRequest.length = 0
    const ended = await lab.resized(CLINGS, { ...live(2), policy: DRAIN })
    expect(onlineAtRequest).toEqual([])
    expect(ended).toMatchObject({ state: 'failed' })
    expect(ended.sentence).toMatch(/^0 of 2 removed\. No unplug was sent: ./)
    await expect.poll(() => guestsOwnView(CLINGS), { timeout: 60_000 }).toBe('2-3')
    expect(await lab.vcpuCount(CLINGS, 'live')).toBe(4)
    await host.stopGuest(CLINGS)
  })
})

describe('a guest without an agent', () => {
  it('is said not to have been asked to bring online what was added', async () => {
    await lab.boot(SILENT)
    const policy = { deadlineMs: 60_000, attempts: 1, ending: 'fail', bringOnline: true } as const
    const added = await lab.resized(SILENT, { ...live(3), policy })
    expect(added).toMatchObject({ state: 'converged' })
    const said = added.timeline.find(({ what }) => what === 'guest-offline')
    expect(said?.text).toMatch(/^What was added could not be brought online in the guest: .*agent/)
  })
})
