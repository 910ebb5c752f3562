import type { Duplex } from 'node:stream'
import { connect as connectLibvirt } from '@coreshift/libvirt'
import type { AuditEntry, AuditVerification } from '@coreshift/shared/contract'
import type { FleetHost } from '@coreshift/demo-host'
import { createAuditLog } from '../../src/audit/durable-audit-log.ts'
import { composeDoors } from '../../src/compose-doors.ts'
import { createGuestOsMatrix } from '../../src/guest-os/create-guest-os-matrix.ts'
import type { GuestOsDesk } from '../../src/guest-os/guest-os-desk.ts'
import type { Inventory } from '../../src/inventory/inventory.ts'
import type { KeptDefinitions } from '../../src/prepare/prepare-desk.ts'
import type { DurableResizeDesk } from '../../src/resize/durable-resize-desk.ts'
import type { OperationStore } from '../../src/resize/operation-store.ts'
import type { Advance } from '../../src/resize/engine/testing/promises.ts'
import type { SettingsDesk } from '../../src/settings/settings-desk.ts'
import type { AuditRepository } from '../../src/store/audit-repository.ts'
import type { HostRepository } from '../../src/store/host-repository.ts'
import { DEFAULT_SETTINGS } from '../../src/store/settings-repository.ts'
import type { SimulatedProcess } from './simulated-process.ts'

interface SimulatedServerOptions {
  readonly process: SimulatedProcess
  readonly operations: OperationStore
  readonly entries: AuditRepository
  readonly hosts: readonly FleetHost[]
  readonly open: (host: FleetHost) => Duplex
  readonly random: () => number
  readonly newId: () => string
  readonly advance: Advance
  readonly problem: (text: string, error: unknown) => void
}

/** The server without its doors: hosts, inventory, engine and audit, put together by the same code as in production. */
export interface SimulatedServer {
  readonly vms: Inventory
  readonly desk: DurableResizeDesk
  readonly noteAppended: (entries: readonly AuditEntry[]) => void
  verifyAudit(): Promise<AuditVerification>
}

const nobody = (): Promise<never> => Promise.reject(new Error('nobody does this in a simulation'))
const never = () => () => undefined

const settings: SettingsDesk = {
  current: () => DEFAULT_SETTINGS,
  replace: nobody,
  onChange: never,
  reload: () => Promise.resolve(),
}

const noStoredHosts: HostRepository = {
  list: () => Promise.resolve([]),
  add: nobody,
  credentialsOf: () => Promise.resolve(undefined),
  remove: nobody,
  changeCredentials: nobody,
}

const nothingKept: KeptDefinitions = { read: () => Promise.resolve(undefined), write: nobody }

/** Read once: the matrix never changes here. */
const matrix = once(createGuestOsMatrix)
const fixedMatrix: GuestOsDesk = {
  matrix,
  view: () => {
    throw new Error('nobody looks at the matrix in a simulation')
  },
  replace: nobody,
  onChange: never,
  reload: () => Promise.resolve(),
}

export async function startServer(options: SimulatedServerOptions): Promise<SimulatedServer> {
  const { process, newId, problem } = options
  const audit = await createAuditLog({ repository: options.entries, onProblem: problem })
  const byUri = new Map(options.hosts.map((host) => [host.uri, host]))
  const doors = composeDoors({
    clock: process.clock,
    connect: (uri, connectOptions) => {
      const host = byUri.get(uri)
      if (!host) throw new Error(`no simulated host has the URI ${uri}`)
      return connectLibvirt(uri, { ...connectOptions, transport: () => options.open(host) })
    },
    random: options.random,
    newId,
    audit,
    operations: options.operations,
    hosts: noStoredHosts,
    keptDefinitions: nothingKept,
    settings,
    matrix: fixedMatrix,
    fixedHosts: options.hosts.map(({ name, uri }) => ({ name, uri, source: 'environment' })),
    problem,
    advance: options.advance,
  })
  await doors.start()
  return {
    vms: doors.vms,
    desk: doors.desk,
    noteAppended: audit.noteAppended,
    verifyAudit: () => audit.verify(),
  }
}

function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}
