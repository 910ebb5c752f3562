import {
  GuestInfoTypes,
  domainGetGuestInfo,
  domainGetGuestVcpus,
  parseVcpuList,
  type Connection,
  type DomainRef,
} from '@coreshift/libvirt'
import type { AgentOs, GuestReport } from './domain-snapshot.ts'

/** Longest wait for the guest agent, ms: it may hang for as long as the guest likes. */
const AGENT_CALL_MS = 12_000

/**
 * The vCPUs as the guest sees them.
 * @throws LibvirtError when the agent is absent, silent or fails; ConnectionError when time is up
 */
export async function readGuestReport(
  connection: Connection,
  domain: DomainRef,
  now: () => number,
): Promise<GuestReport> {
  const readAt = now()
  const { params } = await connection.call(
    domainGetGuestVcpus,
    { domain, flags: 0 },
    { timeoutMs: AGENT_CALL_MS },
  )
  const list = (name: string) => parseVcpuList(params.string(name) ?? '')
  return { readAt, known: list('vcpus'), online: list('online'), offlinable: list('offlinable') }
}

/** What the guest says it is. Throws like `readGuestReport`. */
export async function readAgentOs(connection: Connection, domain: DomainRef): Promise<AgentOs> {
  const { params } = await connection.call(
    domainGetGuestInfo,
    { domain, types: GuestInfoTypes.OS, flags: 0 },
    { timeoutMs: AGENT_CALL_MS },
  )
  const fields = {
    id: params.string('os.id'),
    name: params.string('os.name'),
    prettyName: params.string('os.pretty-name'),
    versionId: params.string('os.version-id'),
    version: params.string('os.version'),
    variantId: params.string('os.variant-id'),
    variant: params.string('os.variant'),
    kernelRelease: params.string('os.kernel-release'),
    kernelVersion: params.string('os.kernel-version'),
    machine: params.string('os.machine'),
  }
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
