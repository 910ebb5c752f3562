import { ErrorDomain, JobStatsFlags, JobType, type TypedParam } from '@coreshift/libvirt'
import type { DemoHost } from './demo-host.ts'
import type { Domain } from './domain.ts'
import { notRunning, operationInvalid, unsupportedFlags } from './libvirt-fault.ts'
import { int, ullong } from './params.ts'

/** One pass over the memory of a guest that changes it faster than it can be sent. */
const PASS_MS = 20_000

interface Progress {
  readonly elapsedMs: number
  readonly remainingMs: number
  readonly total: number
  readonly processed: number
}

function progressOf(host: DemoHost, domain: Domain): Progress | null {
  const { migration } = domain
  if (migration === null) return null
  const { durationMs, startedAt, totalBytes } = migration
  const sinceMs = Math.max(0, Math.round(host.clock.now() - startedAt))
  if (durationMs === Number.POSITIVE_INFINITY) return endless(sinceMs, totalBytes)
  const elapsedMs = Math.min(durationMs, sinceMs)
  const processed = Math.round((totalBytes * elapsedMs) / durationMs)
  return { elapsedMs, remainingMs: durationMs - elapsedMs, total: totalBytes, processed }
}

/** A migration that never arrives: each pass over memory ends with as much left as before. */
function endless(elapsedMs: number, total: number): Progress {
  const share = 0.55 + 0.4 * ((elapsedMs % PASS_MS) / PASS_MS)
  return { elapsedMs, remainingMs: PASS_MS, total, processed: Math.round(total * share) }
}

/** Progress of the job that runs (virDomainGetJobInfo). */
export function readJobInfo(host: DemoHost, domain: Domain) {
  if (domain.machine === null) throw notRunning(ErrorDomain.DOMAIN)
  const progress = progressOf(host, domain)
  const total = BigInt(progress?.total ?? 0)
  const processed = BigInt(progress?.processed ?? 0)
  return {
    type: progress === null ? JobType.NONE : JobType.UNBOUNDED,
    timeElapsedMs: BigInt(progress?.elapsedMs ?? 0),
    timeRemainingMs: BigInt(progress?.remainingMs ?? 0),
    dataTotal: total,
    dataProcessed: processed,
    dataRemaining: total - processed,
    memTotal: total,
    memProcessed: processed,
    memRemaining: total - processed,
    fileTotal: 0n,
    fileProcessed: 0n,
    fileRemaining: 0n,
  }
}

/** The same as parameters, of the running or of the last job (virDomainGetJobStats). */
export function readJobStats(
  host: DemoHost,
  domain: Domain,
  flags: number,
): { type: number; params: readonly TypedParam[] } {
  const known = JobStatsFlags.COMPLETED | JobStatsFlags.KEEP_COMPLETED
  if ((flags & ~known) !== 0) throw unsupportedFlags(flags & ~known, 'qemuDomainGetJobStats')
  if ((flags & JobStatsFlags.COMPLETED) !== 0) {
    const job = domain.completedJob
    if ((flags & JobStatsFlags.KEEP_COMPLETED) === 0) domain.completedJob = null
    return job ?? { type: JobType.NONE, params: [] }
  }
  if (domain.machine === null) throw notRunning(ErrorDomain.DOMAIN)
  const progress = progressOf(host, domain)
  if (progress === null) return { type: JobType.NONE, params: [] }
  return {
    type: JobType.UNBOUNDED,
    params: [
      int('operation', domain.migration?.operation ?? 0),
      ullong('time_elapsed', progress.elapsedMs),
      ullong('time_remaining', progress.remainingMs),
      ullong('memory_total', progress.total),
      ullong('memory_processed', progress.processed),
      ullong('memory_remaining', progress.total - progress.processed),
    ],
  }
}

/** Ends the job that runs (virDomainAbortJob). Throws LibvirtFault 55 when there is none. */
export function abortJob(domain: Domain): void {
  domain.running(ErrorDomain.DOMAIN)
  if (domain.migration === null) throw operationInvalid('no job is active on the domain')
  domain.migration.abort()
}
