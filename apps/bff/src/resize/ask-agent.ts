import { domainSetGuestVcpus, formatVcpuList, isConnectionError, LibvirtError } from '@coreshift/libvirt'
import type { Clock } from '../clock.ts'
import type { DomainSession } from '../inventory/inventory-ports.ts'
import { readGuestReport } from '../inventory/read-guest.ts'

/** Longest wait for the guest agent, ms: it may hang for as long as the guest likes. */
const AGENT_CALL_MS = 20_000

/** A guest notices an added vCPU, and brings it online, a moment after the hypervisor: rounds, and the pause between them, ms. */
const ONLINE_ROUNDS = 5
const ONLINE_PAUSE_MS = 500

/** An answer of the guest agent to the engine's effects `drain` and `online`, without the time. */
type AgentAnswer =
  | { readonly type: 'drained'; readonly vcpus: readonly number[] }
  | { readonly type: 'drain-refused'; readonly reason: string }
  | { readonly type: 'online-done'; readonly online: readonly number[] }
  | { readonly type: 'online-failed'; readonly reason: string; readonly offline: readonly number[] }

/** What libvirt, the agent or the connection may say; anything else is a bug and goes on. */
function reasonOf(error: unknown): string {
  if (error instanceof LibvirtError || isConnectionError(error)) return error.message
  throw error
}

/** Takes vCPUs offline in the guest. Never combined with an unplug flag: libvirt refuses that (12.4). */
export async function drainVcpus(
  { connection, domain }: DomainSession,
  vcpus: readonly number[],
): Promise<AgentAnswer> {
  try {
    const args = { domain, vcpus: formatVcpuList(vcpus), state: 0, flags: 0 }
    await connection.call(domainSetGuestVcpus, args, { timeoutMs: AGENT_CALL_MS })
    return { type: 'drained', vcpus }
  } catch (error) {
    return { type: 'drain-refused', reason: reasonOf(error) }
  }
}

/** Brings vCPUs online in the guest, and asks the guest whether they are. */
export async function bringOnline(
  session: DomainSession,
  vcpus: readonly number[],
  clock: Clock,
): Promise<AgentAnswer> {
  for (let round = 1; ; round += 1) {
    const { answer, lacking } = await askForOnline(session, vcpus, clock)
    if (!lacking || round === ONLINE_ROUNDS) return answer
    await new Promise<void>((resolve) => clock.after(ONLINE_PAUSE_MS, resolve))
  }
}

/**
 * `lacking`: the guest does not use all yet. It may notice what was added between the two questions: then it says no to
 * the first, and the second shows the vCPU as offline.
 */
async function askForOnline(
  { connection, domain }: DomainSession,
  vcpus: readonly number[],
  clock: Clock,
): Promise<{ answer: AgentAnswer; lacking: boolean }> {
  let refusal: string | undefined
  try {
    const args = { domain, vcpus: formatVcpuList(vcpus), state: 1, flags: 0 }
    await connection.call(domainSetGuestVcpus, args, { timeoutMs: AGENT_CALL_MS })
  } catch (error) {
    refusal = reasonOf(error)
  }
  try {
    const { known, online } = await readGuestReport(connection, domain, () => clock.now())
    if (vcpus.every((id) => online.includes(id))) {
      return { answer: { type: 'online-done', online: vcpus }, lacking: false }
    }
    const offline = vcpus.filter((id) => known.includes(id) && !online.includes(id))
    const unknown = vcpus.filter((id) => !known.includes(id))
    const words =
      offline.length > 0
        ? `the guest left vCPU ${formatVcpuList(offline)} offline`
        : `the guest does not know vCPU ${formatVcpuList(unknown)}`
    return {
      answer: { type: 'online-failed', reason: refusal ?? words, offline },
      lacking: true,
    }
  } catch (error) {
    // What the guest does not tell is not called offline: many bring added vCPUs online themselves.
    const reason = refusal ?? reasonOf(error)
    return { answer: { type: 'online-failed', reason, offline: [] }, lacking: false }
  }
}
