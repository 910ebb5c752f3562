import { isEnded } from '@coreshift/shared'
import type { Clock } from './clock.ts'
import type { DurableAuditLog } from './audit/durable-audit-log.ts'
import type { GuestOsDesk } from './guest-os/guest-os-desk.ts'
import { guestOsJudge } from './guest-os/guest-os-judge.ts'
import { createGuestOsPage, type GuestOsPage } from './guest-os/guest-os-page.ts'
import type { OpenConnection } from './hosts/host-link.ts'
import { ResizeHooks, type HookLedger } from './hooks/resize-hooks.ts'
import { HostManager, type FixedHost } from './hosts/host-manager.ts'
import { Inventory } from './inventory/inventory.ts'
import { VmHolds } from './inventory/vm-holds.ts'
import { DurableResizeDesk } from './resize/durable-resize-desk.ts'
import { createLibvirtPreparePort } from './prepare/libvirt-prepare-port.ts'
import { createPrepareDesk, type KeptDefinitions, type PrepareDesk } from './prepare/prepare-desk.ts'
import { OperationRunner, type RunnerDependencies } from './resize/operation-runner.ts'
import type { OperationStore } from './resize/operation-store.ts'
import type { SettingsDesk } from './settings/settings-desk.ts'
import type { HostRepository } from './store/host-repository.ts'

interface DoorsOptions {
  readonly clock: Clock
  readonly connect: OpenConnection
  readonly random: () => number
  readonly newId: () => string
  readonly audit: DurableAuditLog
  readonly operations: OperationStore
  readonly hosts: HostRepository
  readonly keptDefinitions: KeptDefinitions
  readonly settings: SettingsDesk
  /** The guest OS matrix in force. */
  readonly matrix: GuestOsDesk
  /** Hosts that are not added in the page. */
  readonly fixedHosts: readonly FixedHost[]
  readonly problem: (text: string, error: unknown) => void
  /** Executables that run before and after each resize; absent: none. */
  readonly hooks?: { readonly folder: string; readonly ledger: HookLedger; readonly limitMs?: number }
  /** Another engine than the real one: a simulation puts one here that is watched, or wrong. */
  readonly advance?: RunnerDependencies['advance']
}

/** What the doors (REST, live view) are opened on, with its beginning and end. */
export interface Doors {
  readonly vms: Inventory
  readonly desk: DurableResizeDesk
  readonly hosts: HostManager
  readonly guestOs: GuestOsPage
  readonly prepare: PrepareDesk
  /** Absent where none are configured. */
  readonly hooks?: ResizeHooks
  /** Takes up what was open and starts connecting. */
  start(): Promise<void>
  stop(): Promise<void>
}

/** Hosts, inventory and resize engine, connected to each other. */
export function composeDoors(options: DoorsOptions): Doors {
  const { clock, audit, settings, matrix, newId, problem } = options
  const vms = new Inventory({ clock, audit, settings, guestOs: guestOsJudge(() => matrix.matrix()), problem })
  const stopHearing = matrix.onChange(() => vms.guestOsChanged())
  const runner = new OperationRunner({
    clock,
    vms,
    store: options.operations,
    audit: (draft) => audit.append(draft),
    problem,
    ...(options.advance && { advance: options.advance }),
  })
  vms.setOperations(runner)
  vms.addListener(runner.ear)
  const holds = new VmHolds()
  const hooks =
    options.hooks &&
    new ResizeHooks({
      ...options.hooks,
      audit: (draft) => audit.append(draft),
      now: () => new Date(clock.now()).toISOString(),
      find: (id) => desk.find(id),
      problem,
    })
  const desk = new DurableResizeDesk({
    clock,
    newId,
    vms,
    store: options.operations,
    runner,
    holds,
    audit,
    settings,
    ...(hooks && { hooks }),
  })
  if (hooks) desk.onChange(({ id, state }) => isEnded(state) && hooks.ended(id))
  const hosts = new HostManager({
    clock,
    connect: options.connect,
    random: options.random,
    newId,
    repository: options.hosts,
    inventory: vms,
    fixed: options.fixedHosts,
    problem,
  })

  return {
    vms,
    desk,
    hosts,
    ...(hooks && { hooks }),
    guestOs: createGuestOsPage({ desk: matrix, vms, operations: options.operations }),
    prepare: createPrepareDesk({
      vms: createLibvirtPreparePort({ vms, problem }),
      kept: options.keptDefinitions,
      holds,
      audit,
      now: () => new Date(clock.now()).toISOString(),
    }),
    async start() {
      await runner.start()
      await hooks?.start()
      await hosts.start()
    },
    async stop() {
      stopHearing()
      runner.stop()
      await hooks?.stop()
      await hosts.stop()
    },
  }
}
