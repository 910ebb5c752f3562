import {
  domainAbortJob,
  domainAbortJobFlags,
  domainAgentSetResponseTimeout,
  domainGetGuestInfo,
  domainGetGuestVcpus,
  domainGetHostname,
  domainGetJobInfo,
  domainGetJobStats,
  domainSetGuestVcpus,
  qemuDomainAgentCommand,
  TypedParams,
} from '@coreshift/libvirt'
import { readGuestVcpus, setGuestVcpus } from '../../hypervisor/guest-agent-vcpus.ts'
import { readGuestHostname, readGuestInfo, runAgentCommand } from '../../hypervisor/guest-information.ts'
import { abortJob, readJobInfo, readJobStats } from '../../hypervisor/jobs.ts'
import { checkFlags, invalid } from '../../hypervisor/libvirt-fault.ts'
import type { HandlerTable } from '../handler-table.ts'
import { domainOf } from './domain-handlers.ts'

const EMPTY = {}
const AGENT_SOURCE = 2
/** DHCP lease and agent. */
const HOSTNAME_FLAGS = 3

/** The guest agent and jobs. */
export function agentHandlers(table: HandlerTable): void {
  table
    .on(domainGetGuestVcpus, 'write', async (session, { domain, flags }) => {
      checkFlags(flags, 0, 'qemuDomainGetGuestVcpus')
      return { params: TypedParams.of(await readGuestVcpus(session.host, domainOf(session, domain))) }
    })
    .on(domainSetGuestVcpus, 'write', async (session, { domain, vcpus, state, flags }) => {
      checkFlags(flags, 0, 'qemuDomainSetGuestVcpus')
      await setGuestVcpus(session.host, domainOf(session, domain), vcpus, state)
      return EMPTY
    })
    .on(domainGetGuestInfo, 'write', async (session, { domain, types, flags }) => ({
      params: TypedParams.of(await readGuestInfo(session.host, domainOf(session, domain), types, flags)),
    }))
    .on(domainGetHostname, 'read', async (session, { domain, flags }) => {
      checkFlags(flags, HOSTNAME_FLAGS, 'qemuDomainGetHostname')
      if (flags !== 0 && flags !== AGENT_SOURCE) throw invalid('no DHCP lease is known for this domain')
      return { hostname: await readGuestHostname(session.host, domainOf(session, domain)) }
    })
    .on(domainAgentSetResponseTimeout, 'write', (session, { domain, timeoutSeconds }) => {
      if (timeoutSeconds < -2)
        throw invalid(`guest agent timeout '${timeoutSeconds}' is less than the minimum '-2'`)
      domainOf(session, domain).agentTimeoutSeconds = timeoutSeconds
      return { result: 0 }
    })
    .on(qemuDomainAgentCommand, 'write', async (session, { domain, command, timeoutSeconds }) => ({
      result: await runAgentCommand(session.host, domainOf(session, domain), command, timeoutSeconds),
    }))
    .on(domainGetJobInfo, 'read', (session, { domain }) =>
      readJobInfo(session.host, domainOf(session, domain)),
    )
    .on(domainGetJobStats, 'read', (session, { domain, flags }) => {
      const { type, params } = readJobStats(session.host, domainOf(session, domain), flags)
      return { type, params: TypedParams.of(params) }
    })
    .on(domainAbortJob, 'write', (session, { domain }) => {
      abortJob(domainOf(session, domain))
      return EMPTY
    })
    .on(domainAbortJobFlags, 'write', (session, { domain }) => {
      abortJob(domainOf(session, domain))
      return EMPTY
    })
}
