import { afterAll, beforeAll } from 'vitest'
import { agentGuest } from './agent-guest.ts'
import type { Bench } from './bench.ts'
import { firmwareDomain } from './firmware-domain.ts'
import { offDomain } from './off-domain.ts'
import { pairedVcpus } from './paired-vcpus.ts'

/**
 * What a host does, whether simulated or real. It runs against both, so that the simulation cannot drift from the truth:
 * a rule that holds on one side only belongs into the README's table of intended differences or is a mistake.
 */
export function conformanceSuite(title: string, open: () => Promise<Bench>): void {
  let bench: Bench
  const opened = () => bench
  const name = (what: string) => `conformance-${process.pid}-${what}`

  beforeAll(async () => {
    bench = await open()
  })
  afterAll(() => bench.end())

  offDomain(title, opened, name('off'))
  firmwareDomain(title, opened, name('plain'))
  agentGuest(title, opened, name('agent'))
  pairedVcpus(title, opened, name('ppc'))
}
