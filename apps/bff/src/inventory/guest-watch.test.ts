import {
  connectListAllDomains,
  domainByUuid,
  domainSetGuestVcpus,
  domainSetVcpu,
  ModificationImpact,
} from '@coreshift/libvirt'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { connectDemo, type DemoConnection } from '../../test/demo-connection.ts'
import { definition, running } from '../../test/snapshot.ts'
import type { Clock } from '../clock.ts'
import { GuestWatch } from './guest-watch.ts'

let demo: DemoConnection
let guests: GuestWatch
let uuid: string
const changed = vi.fn()

/** No pause is ever over: what is asked is asked because something happened. */
const clock: Clock = { now: () => Date.now(), after: () => () => undefined }

beforeEach(async () => {
  changed.mockClear()
  demo = await connectDemo([
    {
      name: 'web-1',
      os: 'debian-12',
      sockets: 2,
      maxSockets: 4,
      agent: 'present',
      behaviour: 'leaves-added-offline',
    },
  ])
  const { connection } = demo
  const { domains } = await connection.call(connectListAllDomains, { needResults: 1, flags: 0 })
  uuid = domains[0]?.uuid ?? ''
  guests = new GuestWatch({
    clock,
    session: () => ({ connection, domain: domainByUuid(uuid), host: { id: 'lab', name: 'lab' } }),
    changed,
    problem: (text, error) => {
      throw new Error(text, { cause: error })
    },
  })
})

afterEach(() => demo[Symbol.asyncDispose]())

it('a guest that was told to use what was added is asked at once what it uses', async () => {
  const { connection } = demo
  const domain = domainByUuid(uuid)
  await connection.call(domainSetVcpu, { domain, vcpus: '2', state: 1, flags: ModificationImpact.LIVE })
  const live = { ...definition({ enabled: [0, 1, 2] }), agent: 'connected' as const }
  guests.noticed(running([0, 1, 2], { uuid, live }), undefined)
  await vi.waitFor(() => expect(guests.report(uuid)?.online).toEqual([0, 1]))

  await connection.call(domainSetGuestVcpus, { domain, vcpus: '2', state: 1, flags: 0 })
  guests.askAgain(uuid)
  await vi.waitFor(() => expect(guests.report(uuid)?.online).toEqual([0, 1, 2]))
  expect(changed).toHaveBeenCalledWith(uuid)
})

it('a guest that nobody watches is not asked', async () => {
  guests.askAgain(uuid)
  expect(guests.report(uuid)).toBeUndefined()
  expect(changed).not.toHaveBeenCalled()
})
