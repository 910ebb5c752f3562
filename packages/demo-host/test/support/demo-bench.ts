import { readFileSync } from 'node:fs'
import { connect } from '@coreshift/libvirt'
import { type DaemonVersion, startDemo, VirtualClock } from '../../src/index.ts'
import { settle } from '../../src/time/virtual-clock.ts'
import type { Bench, GuestKind } from '../conformance/bench.ts'
import { firmwareXml, renamed } from './guest-xml.ts'

/** Stored definitions of the real-host kit's guests, as libvirt 12.8.0 printed them. */
const FIXTURES: Readonly<Record<'agent' | 'ppc', string>> = {
  agent: readFixture('libvirt-12.8-agent.xml'),
  ppc: readFixture('libvirt-12.8-ppc.xml'),
}

/** A simulated host in virtual time. */
export async function openDemoBench(version: DaemonVersion = '12.8.0'): Promise<Bench> {
  const clock = new VirtualClock()
  const demo = await startDemo({ clock, listen: false, story: [{ name: 'lab', version, vms: [] }] })
  const lab = demo.hosts[0]
  if (lab === undefined) throw new Error('the story has one host')
  const connection = await clock.until(
    connect('qemu:///system', { transport: () => lab.open(), keepalive: false }),
  )
  return {
    connection,
    guestXml: (kind, name, uuid) =>
      Promise.resolve(
        kind === 'firmware' ? firmwareXml(name, uuid) : renamed(FIXTURES[kind], kind, name, uuid),
      ),
    defined: (kind, name) => demo.control.setGuest('lab', name, PROFILES[kind]),
    until: (promise) => clock.until(promise),
    async waitFor(condition, what) {
      for (let step = 0; step < 2000; step++) {
        if (await condition()) return
        await clock.advance(50)
        await settle()
      }
      throw new Error(`waited in vain for ${what}`)
    },
    pause: (ms) => clock.advance(ms),
    async end() {
      await clock.until(connection.close())
      await demo.stop()
      if (lab.daemon.reports.length > 0)
        throw new AggregateError(lab.daemon.reports, 'the simulation failed inside')
    },
  }
}

const PROFILES = {
  firmware: { behaviour: 'never-answers', agent: 'absent' },
  agent: { behaviour: 'prompt', agent: 'present', system: { machine: 'x86_64' } },
  ppc: { behaviour: 'prompt', agent: 'absent' },
} as const satisfies Record<GuestKind, object>

function readFixture(name: string): string {
  return readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8')
}
