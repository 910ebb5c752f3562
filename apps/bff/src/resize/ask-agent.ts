import { domainSetGuestVcpus, formatVcpuList, isConnectionError, LibvirtError } from '@coreshift/libvirt'
import type { DomainSession } from '../inventory/inventory-ports.ts'
import { readGuestReport } from '../inventory/read-guest.ts'

/** Longest wait for the guest agent, ms: it may hang for as long as the guest likes. */
const AGENT_CALL_MS = 20_000

/** An answer of the guest agent to the engine's effects `drain` and `online`, without the time. */
export type AgentAnswer =
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
  { connection, domain }: DomainSession,
  vcpus: readonly number[],
  now: () => number,
): Promise<AgentAnswer> {
  try {
    const args = { domain, vcpus: formatVcpuList(vcpus), state: 1, flags: 0 }
    await connection.call(domainSetGuestVcpus, args, { timeoutMs: AGENT_CALL_MS })
    const { online } = await readGuestReport(connection, domain, now)
    const offline = vcpus.filter((id) => !online.includes(id))
    if (offline.length === 0) return { type: 'online-done', online: vcpus }
    return {
      type: 'online-failed',
      reason: `the guest left vCPU ${formatVcpuList(offline)} offline`,
      offline,
    }
  } catch (error) {
    return {
      type: 'online-failed',
      reason: reasonOf(error),
      offline: await knownOffline(connection, domain, vcpus, now),
    }
  }
}

/** What the guest says that it leaves offline; nothing where it says nothing: many bring added vCPUs online themselves. */
async function knownOffline(
  connection: DomainSession['connection'],
  domain: DomainSession['domain'],
  vcpus: readonly number[],
  now: () => number,
): Promise<number[]> {
  try {
    const { online } = await readGuestReport(connection, domain, now)
    return vcpus.filter((id) => !online.includes(id))
  } catch (error) {
    reasonOf(error)
    return []
  }
}
