import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import * as lv from '../../src/index.ts'
import { connectReal, copyGuest, realUri, removeDomain, watch } from './support/real-host.ts'

const EXAMPLE = new URL('../../examples/unplug-vcpu.ts', import.meta.url).pathname

it('the example of the README unplugs a vCPU and waits for the event', async () => {
  await using connection = await connectReal()
  const name = `libvirt-readme-${process.pid}`
  const guest = await copyGuest(connection, 'agent', name)
  try {
    const agent = await watch(connection, lv.agentLifecycle, guest)
    const { domain } = await connection.call(lv.domainCreateWithFlags, { domain: guest, flags: 0 })
    await agent.waitFor(({ state }) => state === lv.AgentState.CONNECTED)
    await connection.call(lv.domainSetVcpusFlags, { domain, count: 3, flags: lv.VcpuFlags.LIVE })
    const { stdout } = await promisify(execFile)(process.execPath, [EXAMPLE, realUri(), name])
    expect(stdout).toBe('vCPU 2 is gone\n')
  } finally {
    await removeDomain(connection, guest)
  }
})
