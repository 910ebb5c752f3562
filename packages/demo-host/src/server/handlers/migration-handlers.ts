import {
  DomainState,
  domainMigratePerform3Params,
  ErrorCode,
  ErrorDomain,
  MigrateFlags,
  MigrateParam,
  ResumedDetail,
  RunningReason,
  type TypedParams,
} from '@coreshift/libvirt'
import { writeDomainXml } from '../../definition/write-domain-xml.ts'
import { readDomainXml } from '../../definition/read-domain-xml.ts'
import { resumeMachine } from '../../hypervisor/guest-power.ts'
import { qemuFault } from '../../hypervisor/libvirt-fault.ts'
import { importMachine, type MachineState } from '../../hypervisor/machine-state.ts'
import {
  checkAcceptable,
  completeSource,
  leaveSource,
  MIGRATION_JOB,
  migratePeerToPeer,
  transferMemory,
} from '../../hypervisor/migration.ts'
import type { HandlerTable } from '../handler-table.ts'
import { domainOf } from './domain-handlers.ts'
import { migrateBegin, migrateConfirm, migrateFinish, migratePrepare } from './migration-procedures.ts'

const NOTHING = new Uint8Array()

/** Migration between two simulated hosts, conducted by the source or by the client. */
export function migrationHandlers(table: HandlerTable): void {
  table
    .on(migrateBegin, 'write', (session, { domain }) => {
      const found = domainOf(session, domain)
      const machine = found.running(ErrorDomain.DOMAIN)
      return { cookieOut: NOTHING, xml: writeDomainXml(machine.definition, machine.id) }
    })
    .on(migratePrepare, 'write', ({ host }, { params }) => {
      const definition = readDomainXml(requiredXml(params), '')
      checkAcceptable(host, definition.arch, definition.name, definition.uuid)
      return { cookieOut: NOTHING, uri: params.has(MigrateParam.URI) ? null : `tcp:${host.name}:49152` }
    })
    .on(domainMigratePerform3Params, 'write', async (session, { domain, destinationUri, flags }) => {
      const found = domainOf(session, domain)
      if ((flags & MigrateFlags.PEER2PEER) !== 0) {
        if (destinationUri === null) throw qemuFault(ErrorCode.INTERNAL_ERROR, 'no destination URI')
        await migratePeerToPeer(session.host, found, destinationUri, flags)
        return { cookieOut: NOTHING }
      }
      const machine = found.running(ErrorDomain.DOMAIN)
      found.jobs.beginAsync(MIGRATION_JOB)
      try {
        await transferMemory(session.host, found, machine)
      } catch (error) {
        found.jobs.endAsync()
        throw error
      }
      return { cookieOut: packed(leaveSource(session.host, found, machine)) }
    })
    .on(migrateFinish, 'write', ({ host }, { cookieIn, flags, cancelled }) => {
      if (cancelled !== 0 || cookieIn.length === 0) {
        throw qemuFault(ErrorCode.OPERATION_FAILED, 'migration was cancelled by the client')
      }
      const domain = importMachine(host, unpacked(cookieIn), (flags & MigrateFlags.PERSIST_DEST) !== 0)
      return { domain: domain.ref, cookieOut: NOTHING }
    })
    .on(migrateConfirm, 'write', (session, { domain, flags, cancelled }) => {
      const found = domainOf(session, domain)
      if (cancelled === 0) completeSource(session.host, found, (flags & MigrateFlags.UNDEFINE_SOURCE) !== 0)
      else if (found.machine?.state === DomainState.PAUSED) {
        const reason = RunningReason.MIGRATION_CANCELED
        resumeMachine(session.host, found, found.machine, reason, ResumedDetail.MIGRATED)
      }
      found.jobs.endAsync()
      return {}
    })
}

function requiredXml(params: TypedParams): string {
  const xml = params.string(MigrateParam.DEST_XML)
  if (xml === undefined) throw qemuFault(ErrorCode.INTERNAL_ERROR, 'no domain XML passed')
  return xml
}

function packed(state: MachineState): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(JSON.stringify(state)))
}

/** A cookie is only ever made by another simulated host. */
function unpacked(cookie: Uint8Array): MachineState {
  return JSON.parse(Buffer.from(cookie).toString()) as MachineState
}
