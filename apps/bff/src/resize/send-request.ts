import {
  LibvirtError,
  SetVcpuFlags,
  VcpuFlags,
  domainSetVcpu,
  domainSetVcpusFlags,
  formatVcpuList,
  isConnectionError,
  isOperationFailed,
  isTimeout,
} from '@coreshift/libvirt'
import { unitOf } from '@coreshift/shared'
import type { DomainSession } from '../inventory/inventory-ports.ts'
import type { SubmitError, VcpuCall } from './engine/engine-io.ts'

/** What became of a request, without the attempt and the time that the runner knows. */
export type Answer =
  | { readonly type: 'accepted'; readonly waited?: boolean }
  | { readonly type: 'rejected'; readonly error: SubmitError }
  | { readonly type: 'answer-lost'; readonly error: SubmitError }
  /** A synchronous call said that the guest refused this unit. */
  | { readonly type: 'removal-failed'; readonly unit: number; readonly alias: string }

export function submitError(error: unknown): SubmitError {
  const message = error instanceof Error ? error.message : String(error)
  return error instanceof LibvirtError
    ? { message, detail: `${error.codeName} (${error.code}), ${error.procedure}: ${error.message}` }
    : { message }
}

/** A refusal is known, a missing answer is not (rule R3). */
function answerTo(error: unknown): Answer {
  if (error instanceof LibvirtError) return { type: 'rejected', error: submitError(error) }
  if (isConnectionError(error)) return { type: 'answer-lost', error: submitError(error) }
  throw error
}

function unitsOf(ids: readonly number[], unitSize: number): number[][] {
  const units = new Map<number, number[]>()
  for (const id of ids) {
    const unit = unitOf(id, unitSize)
    units.set(unit, [...(units.get(unit) ?? []), id])
  }
  // The highest first, as libvirt does it for a count.
  return [...units.entries()].sort(([a], [b]) => b - a).map(([, members]) => members)
}

/**
 * Sends one request of the engine to libvirt.
 * @returns what became of it, in order; never rejects for what libvirt or the connection does
 */
export async function sendRequest(
  session: DomainSession,
  call: VcpuCall,
  unitSize: number,
): Promise<Answer[]> {
  const { connection } = session
  if (call.kind === 'set-count' && (call.enable || connection.supportsAsyncVcpuUnplug)) {
    // The async flag has no meaning for adding (libvirt 12.4, virDomainSetVcpusFlags).
    const flags = VcpuFlags.LIVE | (call.enable ? 0 : VcpuFlags.ASYNC_UNPLUG)
    try {
      await connection.call(domainSetVcpusFlags, { domain: session.domain, count: call.vcpus, flags })
      return [{ type: 'accepted' }]
    } catch (error) {
      return [answerTo(error)]
    }
  }
  const units = unitsOf(call.ids, unitSize)
  if (call.enable)
    return summarise(await Promise.all(units.toReversed().map((ids) => enableUnit(session, ids))))
  return connection.supportsAsyncVcpuUnplug
    ? summarise(await Promise.all(units.map((ids) => removeUnit(session, ids, SetVcpuFlags.ASYNC_UNPLUG))))
    : removeOneByOne(session, units, unitSize)
}

async function enableUnit({ connection, domain }: DomainSession, ids: readonly number[]): Promise<Answer> {
  try {
    await connection.call(domainSetVcpu, {
      domain,
      vcpus: formatVcpuList(ids),
      state: 1,
      flags: SetVcpuFlags.LIVE,
    })
    return { type: 'accepted' }
  } catch (error) {
    return answerTo(error)
  }
}

async function removeUnit(
  { connection, domain }: DomainSession,
  ids: readonly number[],
  extra: number,
): Promise<Answer> {
  try {
    const flags = SetVcpuFlags.LIVE | extra
    await connection.call(domainSetVcpu, { domain, vcpus: formatVcpuList(ids), state: 0, flags })
    return { type: 'accepted' }
  } catch (error) {
    return answerTo(error)
  }
}

/**
 * libvirt before 12.4 waits in the call itself (5 s, longer on ppc64), holds the domain meanwhile and stops at the
 * first unit that does not go: so every unit is asked for on its own, one after the other.
 */
async function removeOneByOne(
  session: DomainSession,
  units: readonly number[][],
  unitSize: number,
): Promise<Answer[]> {
  const answers: Answer[] = []
  let waited = false
  for (const ids of units) {
    const unit = unitOf(ids[0] ?? 0, unitSize)
    try {
      await session.connection.call(domainSetVcpu, {
        domain: session.domain,
        vcpus: formatVcpuList(ids),
        state: 0,
        flags: SetVcpuFlags.LIVE,
      })
      answers.push({ type: 'accepted' })
    } catch (error) {
      if (isTimeout(error)) {
        // libvirt gave up waiting; the guest may still let go.
        waited = true
        answers.push({ type: 'accepted', waited: true })
      } else if (isOperationFailed(error)) {
        answers.push({ type: 'accepted' }, { type: 'removal-failed', unit, alias: `vcpu${unit}` })
      } else {
        const answer = answerTo(error)
        answers.push(answer)
        if (answer.type === 'answer-lost') break
      }
    }
  }
  return summarise(answers, waited)
}

/**
 * One answer for a request of several calls: accepted when any of them was, and what went wrong with the others
 * after it, as further answers.
 */
function summarise(answers: readonly Answer[], waited = false): Answer[] {
  const lost = answers.find((answer) => answer.type === 'answer-lost')
  const rejected = answers.find((answer) => answer.type === 'rejected')
  const refused = answers.filter((answer) => answer.type === 'removal-failed')
  if (lost) return [lost, ...refused]
  if (!answers.some((answer) => answer.type === 'accepted')) return rejected ? [rejected] : []
  return [{ type: 'accepted', ...(waited && { waited }) }, ...refused, ...(rejected ? [rejected] : [])]
}
