import { domainSetVcpusFlags, qemuMonitorEvent } from '@coreshift/libvirt'
import { afterEach, describe, expect, it } from 'vitest'
import { refOf, VirtualLab } from '../../test/support/virtual-lab.ts'
import type { GuestBehaviour } from '../guest/guest-profile.ts'

let lab: VirtualLab
afterEach(() => lab.stop())

/** QEMU's own events while vCPU 4 is plugged and asked to go, as a client sees them. */
async function story(behaviour: GuestBehaviour): Promise<string[]> {
  lab = await VirtualLab.start()
  const connection = await lab.connect()
  const seen: string[] = []
  await lab.until(
    connection.subscribe(qemuMonitorEvent, ({ event, details }) => seen.push(`${event} ${details ?? ''}`)),
  )
  lab.domain().guest.behaviour = behaviour
  const domain = await refOf(lab, connection)
  await lab.until(connection.call(domainSetVcpusFlags, { domain, count: 5, flags: 1 }))
  await lab.clock.advance(1000)
  await lab.until(connection.call(domainSetVcpusFlags, { domain, count: 4, flags: 33 }))
  await lab.clock.advance(1000)
  await lab.until(connection.close())
  return seen
}

const ost = (source: number, status: number, device?: string): string =>
  `ACPI_DEVICE_OST ${JSON.stringify({ info: { ...(device === undefined ? {} : { device }), source, status, slot: '4', 'slot-type': 'CPU' } })}`
const LAPIC = 'DEVICE_DELETED {"path":"/machine/peripheral/vcpu4/lapic"}'
const DELETED = 'DEVICE_DELETED {"device":"vcpu4","path":"/machine/peripheral/vcpu4"}'

describe("QEMU's own events", () => {
  it('tell of a plug and of a removal', async () => {
    expect(await story('prompt')).toEqual([
      ost(1, 0, 'vcpu4'),
      ost(3, 0x84, 'vcpu4'),
      LAPIC,
      ost(3, 0),
      DELETED,
    ])
  })

  it('lack the last one where the completion is held back', async () => {
    expect(await story('drops-completion')).toEqual([
      ost(1, 0, 'vcpu4'),
      ost(3, 0x84, 'vcpu4'),
      LAPIC,
      ost(3, 0),
    ])
  })

  it('tell of a refusal with status 130', async () => {
    expect(await story('refuses')).toEqual([ost(1, 0, 'vcpu4'), ost(3, 0x84, 'vcpu4'), ost(3, 0x82, 'vcpu4')])
  })
})
