import {
  ErrorCode,
  ErrorDomain,
  JobOperation,
  JobType,
  LifecycleEvent,
  MigrateFlags,
  PausedReason,
  ShutoffReason,
  StoppedDetail,
  SuspendedDetail,
  type TypedParam,
  UndefinedDetail,
} from '@coreshift/libvirt'
import type { Timer } from '../time/clock.ts'
import type { DemoHost } from './demo-host.ts'
import type { Domain } from './domain.ts'
import { pauseMachine, stopMachine } from './guest-power.ts'
import { LibvirtFault, operationInvalid, qemuFault, systemError } from './libvirt-fault.ts'
import { exportMachine, importMachine, type MachineState } from './machine-state.ts'
import type { Machine } from './machine.ts'
import { int, ullong } from './params.ts'

export const MIGRATION_JOB = 'remoteDispatchDomainMigratePerform3Params'
/** MiB that the simulated wire between two hosts carries per second. */
const WIRE_MIB_PER_SECOND = 1024
const MIGRATION_MIN_MS = 1500
const MIGRATION_MAX_MS = 90_000
const ITERATIONS = 3
const ECONNREFUSED = 111

/** Finds the other host and checks that it can take the domain. Throws LibvirtFault. */
function migrationTarget(host: DemoHost, domain: Domain, uri: string): DemoHost {
  const target = host.peers(uri)
  if (target === undefined) {
    throw systemError(
      ECONNREFUSED,
      `unable to connect to server at '${uri}': Connection refused`,
      ErrorDomain.RPC,
    )
  }
  if (target === host) {
    throw qemuFault(ErrorCode.INTERNAL_ERROR, 'Attempt to migrate guest to the same host')
  }
  checkAcceptable(target, domain.definition.arch, domain.name, domain.uuid)
  return target
}

/** Whether a host can take a domain that comes from elsewhere. Throws LibvirtFault. */
export function checkAcceptable(target: DemoHost, arch: string, name: string, uuid: string): void {
  if (!runsArch(target, arch)) {
    throw qemuFault(ErrorCode.CONFIG_UNSUPPORTED, `unsupported arch '${arch}' on host '${target.name}'`)
  }
  const named = target.findByName(name)
  if (named !== undefined && named.uuid !== uuid) {
    throw new LibvirtFault(
      ErrorCode.OPERATION_FAILED,
      ErrorDomain.DOMAIN,
      `domain '${name}' already exists with uuid ${named.uuid}`,
    )
  }
  if (target.domains.get(uuid)?.machine !== undefined && target.domains.get(uuid)?.machine !== null) {
    throw operationInvalid(`domain is already active as '${name}'`)
  }
}

function runsArch(host: DemoHost, arch: string): boolean {
  return (
    host.hardware.arch === arch ||
    (host.hardware.arch === 'x86_64' && ['i686', 'ppc64le', 's390x', 'aarch64'].includes(arch))
  )
}

/**
 * How long moving takes: all memory once, then what the guest changed meanwhile. A guest that changes memory faster than
 * the wire carries it never arrives: `Infinity`.
 */
function migrationMs(domain: Domain): number {
  const memoryMib = domain.definition.memoryKib / 1024
  const spare = WIRE_MIB_PER_SECOND - domain.guest.dirtyMibPerSecond
  if (spare <= 0) return Number.POSITIVE_INFINITY
  return Math.round(Math.min(MIGRATION_MAX_MS, Math.max(MIGRATION_MIN_MS, (memoryMib / spare) * 1000)))
}

/** The long part of a migration on the source: ends when memory is over. Throws LibvirtFault 78 when aborted. */
export async function transferMemory(host: DemoHost, domain: Domain, machine: Machine): Promise<void> {
  const durationMs = migrationMs(domain)
  await new Promise<void>((resolve, reject) => {
    const finish = (error: LibvirtFault | null): void => {
      domain.migration = null
      if (error === null) resolve()
      else reject(error)
    }
    const aborted = (): void => {
      for (const timer of timers) timer.cancel()
      finish(qemuFault(ErrorCode.OPERATION_ABORTED, 'migration out job: canceled by client'))
    }
    domain.migration = {
      operation: JobOperation.MIGRATION_OUT,
      startedAt: host.clock.now(),
      durationMs,
      totalBytes: domain.definition.memoryKib * 1024,
      abort: aborted,
    }
    const timers: Timer[] = []
    if (durationMs === Number.POSITIVE_INFINITY) return
    timers.push(
      ...Array.from({ length: ITERATIONS }, (_, i) =>
        host.clock.setTimer((durationMs * i) / ITERATIONS, () =>
          host.emit({ kind: 'migration-iteration', domain: domain.ref, iteration: i + 1 }),
        ),
      ),
      host.clock.setTimer(durationMs, () => {
        if (domain.machine === machine) finish(null)
        else finish(qemuFault(ErrorCode.OPERATION_FAILED, 'domain is no longer running'))
      }),
    )
  })
}

/** Moves a running domain to another host, all done by the source (virDomainMigrateToURI3, peer to peer). */
export async function migratePeerToPeer(
  host: DemoHost,
  domain: Domain,
  uri: string,
  flags: number,
): Promise<void> {
  const machine = domain.running(ErrorDomain.DOMAIN)
  const target = migrationTarget(host, domain, uri)
  domain.jobs.beginAsync(MIGRATION_JOB)
  try {
    await transferMemory(host, domain, machine)
    const state = leaveSource(host, domain, machine)
    importMachine(target, state, (flags & MigrateFlags.PERSIST_DEST) !== 0)
    completeSource(host, domain, (flags & MigrateFlags.UNDEFINE_SOURCE) !== 0)
  } finally {
    domain.jobs.endAsync()
  }
}

/** The source pauses its machine and packs it. */
export function leaveSource(host: DemoHost, domain: Domain, machine: Machine): MachineState {
  const state = exportMachine(domain, machine)
  pauseMachine(host, domain, machine, PausedReason.MIGRATION, SuspendedDetail.MIGRATED)
  return state
}

/** The other side runs; the source lets its machine go. */
export function completeSource(host: DemoHost, domain: Domain, undefine: boolean): void {
  const params = completedParams(domain)
  domain.completedJob = { type: JobType.COMPLETED, params }
  host.emit({ kind: 'job-completed', domain: domain.ref, params })
  stopMachine(host, domain, ShutoffReason.MIGRATED, StoppedDetail.MIGRATED)
  if (!undefine || domain.config === null) return
  const { ref } = domain
  host.removeDomain(domain)
  host.emit({
    kind: 'lifecycle',
    domain: ref,
    event: LifecycleEvent.UNDEFINED,
    detail: UndefinedDetail.REMOVED,
  })
}

function completedParams(domain: Domain): TypedParam[] {
  const bytes = domain.definition.memoryKib * 1024
  return [
    int('operation', JobOperation.MIGRATION_OUT),
    ullong('time_elapsed', migrationMs(domain)),
    ullong('downtime', 40),
    ullong('data_total', bytes),
    ullong('data_processed', bytes),
    ullong('data_remaining', 0),
    ullong('memory_total', bytes),
    ullong('memory_processed', bytes),
    ullong('memory_remaining', 0),
  ]
}
