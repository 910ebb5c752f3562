import type { Duplex } from 'node:stream'
import { connect as connectLibvirt } from '@coreshift/libvirt'
import type { AuditEntry, AuditVerification } from '@coreshift/shared/contract'
import type { FleetHost } from '@coreshift/demo-host'
import { createAuditLog } from '../../src/audit/durable-audit-log.ts'
import { createGuestOsMatrix } from '../../src/guest-os/create-guest-os-matrix.ts'
import { guestOsJudge } from '../../src/guest-os/guest-os-judge.ts'
import { HostManager } from '../../src/hosts/host-manager.ts'
import type { HostRepository } from '../../src/store/host-repository.ts'
import type { GuestOsJudge } from '../../src/inventory/inventory-ports.ts'
import { Inventory } from '../../src/inventory/inventory.ts'
import { VmHolds } from '../../src/inventory/vm-holds.ts'
import { DurableResizeDesk } from '../../src/resize/durable-resize-desk.ts'
import { OperationRunner } from '../../src/resize/operation-runner.ts'
import type { OperationStore } from '../../src/resize/operation-store.ts'
import type { Advance } from '../../src/resize/engine/testing/promises.ts'
import type { SettingsDesk } from '../../src/settings/settings-desk.ts'
import type { AuditRepository } from '../../src/store/audit-repository.ts'
import { DEFAULT_SETTINGS } from '../../src/store/settings-repository.ts'
import type { SimulatedProcess } from './simulated-process.ts'

/** Read once, and each guest judged once: the matrix never changes here. */
const judge = remembered(guestOsJudge(once(createGuestOsMatrix)))

export interface SimulatedServerOptions {
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

/** The server without its doors: hosts, inventory, engine and audit, put together as in production. */
export interface SimulatedServer {
  readonly vms: Inventory
  readonly desk: DurableResizeDesk
  readonly runner: OperationRunner
  readonly noteAppended: (entries: readonly AuditEntry[]) => void
  verifyAudit(): Promise<AuditVerification>
}

const settings: SettingsDesk = {
  current: () => DEFAULT_SETTINGS,
  replace: () => Promise.reject(new Error('nobody changes settings here')),
  onChange: () => () => undefined,
  reload: () => Promise.resolve(),
}

const noStoredHosts: HostRepository = {
  list: () => Promise.resolve([]),
  add: () => Promise.reject(new Error('nobody adds hosts here')),
  remove: () => Promise.reject(new Error('nobody removes hosts here')),
}

export async function startServer(options: SimulatedServerOptions): Promise<SimulatedServer> {
  const { process, newId, problem } = options
  const { clock } = process
  const audit = await createAuditLog({ repository: options.entries, onProblem: problem })
  const vms = new Inventory({ clock, audit, settings, guestOs: judge, problem })
  const runner = new OperationRunner({
    clock,
    vms,
    store: options.operations,
    audit: (draft) => audit.append(draft),
    problem,
    advance: options.advance,
  })
  vms.setOperations(runner)
  vms.addListener(runner)
  const desk = new DurableResizeDesk({
    clock,
    newId,
    vms,
    store: options.operations,
    runner,
    holds: new VmHolds(),
    audit,
    settings,
  })
  const byUri = new Map(options.hosts.map((host) => [host.uri, host]))
  const hosts = new HostManager({
    clock,
    connect: (uri, connectOptions) => {
      const host = byUri.get(uri)
      if (!host) throw new Error(`no simulated host has the URI ${uri}`)
      return connectLibvirt(uri, { ...connectOptions, transport: () => options.open(host) })
    },
    random: options.random,
    newId,
    repository: noStoredHosts,
    inventory: vms,
    fixed: options.hosts.map(({ name, uri }) => ({ name, uri, source: 'environment' })),
    problem,
  })
  await runner.start()
  await hosts.start()
  return { vms, desk, runner, noteAppended: audit.noteAppended, verifyAudit: () => audit.verify() }
}

function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}

function remembered({ judge: ask }: GuestOsJudge): GuestOsJudge {
  const known = new Map<string, ReturnType<GuestOsJudge['judge']>>()
  return {
    judge(facts) {
      const key = JSON.stringify(facts)
      let verdict = known.get(key)
      if (!verdict) known.set(key, (verdict = ask(facts)))
      return verdict
    },
  }
}
