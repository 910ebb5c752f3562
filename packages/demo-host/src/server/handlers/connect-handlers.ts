import { ConnectFlags, Feature, TypedParams } from '@coreshift/libvirt'
import {
  connectClose,
  connectDomainEventCallbackDeregisterAny,
  connectDomainEventCallbackRegisterAny,
  connectGetAllDomainStats,
  connectGetHostname,
  connectGetLibVersion,
  connectGetType,
  connectGetUri,
  connectGetVersion,
  connectIsSecure,
  connectListAllDomains,
  connectOpen,
  connectRegisterCloseCallback,
  connectSupportsFeature,
  connectUnregisterCloseCallback,
  qemuConnectDomainMonitorEventDeregister,
  qemuConnectDomainMonitorEventRegister,
} from '@coreshift/libvirt'
import { procedures } from '@coreshift/libvirt/wire'
import {
  checkFlags,
  noDriver,
  rpcFault,
  rpcInternal,
  unsupportedFlags,
} from '../../hypervisor/libvirt-fault.ts'
import { listDomains } from '../../hypervisor/list-domains.ts'
import { readStatistics } from '../../hypervisor/statistics.ts'
import type { HandlerTable } from '../handler-table.ts'
import type { Session } from '../session.ts'

/** Features that 9.0.0 and 12.8.0 alike answer with 1. */
const FEATURES = new Set([3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16])
/** Filters of virConnectListAllDomains that statistics take too. */
const LIST_FLAGS_IN_STATS = 255
const LIST_FLAGS = 0xffff
const DOMAINS_MAX = 16_384
const EMPTY = {}

/** Opening, versions, listing, registrations and bulk statistics. */
export function connectHandlers(table: HandlerTable): void {
  const { authList } = procedures
  if (authList !== undefined) table.on(authList, 'none', () => ({ types: [0] }))
  table
    .on(connectOpen, 'none', (session, { uri, flags }) => {
      open(session, uri, flags)
      return EMPTY
    })
    .on(connectClose, 'none', () => EMPTY)
    .on(connectSupportsFeature, 'none', (session, { feature }) => {
      if (session.driver === null && feature !== Feature.PROGRAM_KEEPALIVE) {
        throw rpcInternal('hypervisor connection not open')
      }
      if (feature === Feature.PROGRAM_KEEPALIVE) session.keepalive.start()
      return { supported: FEATURES.has(feature) ? 1 : 0 }
    })
    .on(connectGetType, 'read', () => ({ type: 'QEMU' }))
    .on(connectGetVersion, 'read', ({ host }) => ({ version: BigInt(host.features.qemu) }))
    .on(connectGetLibVersion, 'read', ({ host }) => ({ version: BigInt(host.features.libvirt) }))
    .on(connectGetHostname, 'read', ({ host }) => ({ hostname: host.name }))
    .on(connectGetUri, 'read', (session) => ({ uri: session.driver?.uri ?? '' }))
    .on(connectIsSecure, 'read', () => ({ secure: 1 }))
    .on(connectRegisterCloseCallback, 'read', () => EMPTY)
    .on(connectUnregisterCloseCallback, 'read', () => EMPTY)
    .on(connectListAllDomains, 'read', ({ host }, { needResults, flags }) => {
      if ((flags & ~LIST_FLAGS) !== 0)
        throw unsupportedFlags(flags & ~LIST_FLAGS, 'qemuConnectListAllDomains')
      const found = listDomains(host, flags)
      if (found.length > DOMAINS_MAX)
        throw rpcFault(`Too many domains '${found.length}' for limit '${DOMAINS_MAX}'`)
      return { domains: needResults === 0 ? [] : found.map(({ ref }) => ref), count: found.length }
    })
    .on(connectDomainEventCallbackRegisterAny, 'read', (session, { eventId, domain }) => ({
      callbackId: session.events.register(eventId, domain?.uuid ?? null),
    }))
    .on(connectDomainEventCallbackDeregisterAny, 'read', (session, { callbackId }) => {
      session.events.deregister(callbackId)
      return EMPTY
    })
    .on(qemuConnectDomainMonitorEventRegister, 'write', (session, { domain, event, flags }) => {
      checkFlags(flags, 0, 'qemuConnectDomainQemuMonitorEventRegister')
      return { callbackId: session.events.registerQmp(domain?.uuid ?? null, event) }
    })
    .on(qemuConnectDomainMonitorEventDeregister, 'write', (session, { callbackId }) => {
      session.events.deregister(callbackId)
      return EMPTY
    })
    .on(connectGetAllDomainStats, 'read', async ({ host }, { domains, stats, flags }) => {
      const chosen =
        domains.length === 0
          ? listDomains(host, flags & LIST_FLAGS_IN_STATS)
          : domains.flatMap(({ uuid }) => host.domains.get(uuid) ?? [])
      const records = []
      for (const domain of chosen) {
        const params = await readStatistics(host, domain, stats, flags)
        records.push({ domain: domain.ref, params: TypedParams.of(params) })
      }
      return { records }
    })
}

function open(session: Session, uri: string | null, flags: number): void {
  if (session.driver !== null) {
    session.driver = null
    throw rpcInternal('connection already open')
  }
  if (uri === null) throw noDriver('no connection URI')
  if (!/^qemu:\/\/\/(system|session)(\?.*)?$/.test(uri))
    throw noDriver(`no connection driver available for ${uri}`)
  session.driver = { readOnly: (flags & ConnectFlags.RO) !== 0, uri }
}
