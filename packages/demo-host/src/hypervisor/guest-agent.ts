import { ErrorCode, ErrorDomain } from '@coreshift/libvirt'
import { hasAgentChannel } from '../definition/domain-definition.ts'
import { sleep } from '../time/clock.ts'
import type { DemoHost } from './demo-host.ts'
import type { Domain } from './domain.ts'
import { type LibvirtFault, qemuFault } from './libvirt-fault.ts'
import type { Machine } from './machine.ts'

/** How long a healthy agent needs for an answer. */
const ANSWER_MS = 12
const BLOCK = -2
const DEFAULT = -1
const DEFAULT_SECONDS = 5
/** Longest wait that "for ever" means here, so that no call outlives a test. */
const FOR_EVER_SECONDS = 3600

/**
 * Runs `work` as one call to the guest agent; calls of one domain queue behind each other.
 * Throws LibvirtFault: 55 off, 74 no channel, 86 not connected or not answering.
 */
export function withAgent<T>(
  host: DemoHost,
  domain: Domain,
  work: (machine: Machine) => T | Promise<T>,
): Promise<T> {
  const machine = domain.running(ErrorDomain.DOMAIN)
  if (!hasAgentChannel(machine.definition)) {
    throw qemuFault(ErrorCode.ARGUMENT_UNSUPPORTED, 'QEMU guest agent is not configured')
  }
  if (!machine.agentConnected) {
    throw qemuFault(ErrorCode.AGENT_UNRESPONSIVE, 'QEMU guest agent is not connected')
  }
  const call = domain.agentQueue.then(async () => {
    await synchronise(host, domain)
    if (domain.machine !== machine) {
      throw qemuFault(ErrorCode.AGENT_UNRESPONSIVE, 'Guest agent disappeared while executing command')
    }
    return work(machine)
  })
  domain.agentQueue = call.catch(() => undefined)
  return call
}

async function synchronise(host: DemoHost, domain: Domain): Promise<void> {
  if (domain.guest.agent === 'present') return sleep(host.clock, ANSWER_MS)
  const configured = domain.agentTimeoutSeconds
  const seconds =
    configured === BLOCK ? FOR_EVER_SECONDS : configured === DEFAULT ? DEFAULT_SECONDS : configured
  await sleep(host.clock, seconds * 1000)
  throw qemuFault(
    ErrorCode.AGENT_UNRESPONSIVE,
    `guest agent didn't respond to synchronization within '${seconds}' seconds`,
  )
}

/** The agent answered with an error of its own. */
export function agentFailed(host: DemoHost, command: string, detail: string): LibvirtFault {
  const code = host.features.agentCodes ? ErrorCode.AGENT_COMMAND_FAILED : ErrorCode.INTERNAL_ERROR
  return qemuFault(code, `unable to execute QEMU agent command '${command}': ${detail}`)
}

/** The caller did not want to wait for the answer. */
export function agentTimedOut(host: DemoHost, seconds: number): LibvirtFault {
  const code = host.features.agentCodes ? ErrorCode.AGENT_COMMAND_TIMEOUT : ErrorCode.AGENT_UNRESPONSIVE
  return qemuFault(code, `guest agent didn't respond to command within '${seconds}' seconds`)
}
