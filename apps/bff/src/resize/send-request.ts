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

/** Who asks, and is told. */
interface RequestPort {
  /** Whether nobody asked for something newer meanwhile. */
  readonly isNewest: () => boolean
  readonly answer: (answer: Answer) => void
}

/** Sends one request of the engine to libvirt and tells what became of it; never rejects for what libvirt or the connection does. */
export async function sendRequest(
  session: DomainSession,
  call: VcpuCall,
  unitSize: number,
  port: RequestPort,
): Promise<void> {
  const { connection } = session
  if (call.kind === 'set-count' && (call.enable || connection.supportsAsyncVcpuUnplug)) {
    // The async flag has no meaning for adding (libvirt 12.4, virDomainSetVcpusFlags).
    const flags = VcpuFlags.LIVE | (call.enable ? 0 : VcpuFlags.ASYNC_UNPLUG)
    try {
      await connection.call(domainSetVcpusFlags, { domain: session.domain, count: call.vcpus, flags })
      port.answer({ type: 'accepted' })
    } catch (error) {
      port.answer(answerTo(error))
    }
    return
  }
  const units = unitsOf(call.ids, unitSize)
  if (!call.enable && !connection.supportsAsyncVcpuUnplug) {
    return removeOneByOne(session, units, unitSize, port)
  }
  const answers = await Promise.all(
    call.enable
      ? units.toReversed().map((ids) => enableUnit(session, ids))
      : units.map((ids) => removeUnit(session, ids)),
  )
  for (const answer of summarise(answers)) port.answer(answer)
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

async function removeUnit({ connection, domain }: DomainSession, ids: readonly number[]): Promise<Answer> {
  try {
    const flags = SetVcpuFlags.LIVE | SetVcpuFlags.ASYNC_UNPLUG
    await connection.call(domainSetVcpu, { domain, vcpus: formatVcpuList(ids), state: 0, flags })
    return { type: 'accepted' }
  } catch (error) {
    return answerTo(error)
  }
}

/**
 * libvirt before 12.4 waits in the call itself (5 s, 10 s on ppc64: qemuDomainRemoveDeviceWaitTime), holds the domain
 * meanwhile and stops at the first unit that does not go: so every unit is asked for on its own, one after the other.
 * What is known is told at once: the whole row may outlast the request's deadline.
 */
async function removeOneByOne(
  { connection, domain }: DomainSession,
  units: readonly number[][],
  unitSize: number,
  { isNewest, answer }: RequestPort,
): Promise<void> {
  let told = false
  let rejected: Answer | undefined
  const accepted = (waited: boolean): void => {
    if (!told) answer({ type: 'accepted', ...(waited && { waited }) })
    told = true
  }
  for (const ids of units) {
    if (!isNewest()) return
    const unit = unitOf(ids[0] ?? 0, unitSize)
    try {
      const args = { domain, vcpus: formatVcpuList(ids), state: 0, flags: SetVcpuFlags.LIVE }
      await connection.call(domainSetVcpu, args)
      accepted(false)
    } catch (error) {
      if (isTimeout(error)) {
        // libvirt gave up waiting; the guest may still let go.
        accepted(true)
      } else if (isOperationFailed(error)) {
        accepted(false)
        answer({ type: 'removal-failed', unit, alias: `vcpu${unit}` })
      } else {
        const problem = answerTo(error)
        if (problem.type === 'answer-lost') return answer(problem)
        rejected ??= problem
      }
    }
  }
  if (rejected) answer(rejected)
}

/** One answer for a request of several calls: accepted when any of them was, and what went wrong with others after it. */
function summarise(answers: readonly Answer[]): Answer[] {
  const lost = answers.find((answer) => answer.type === 'answer-lost')
  if (lost) return [lost]
  const rejected = answers.find((answer) => answer.type === 'rejected')
  const accepted = answers.some((answer) => answer.type === 'accepted')
  return [...(accepted ? [{ type: 'accepted' as const }] : []), ...(rejected ? [rejected] : [])]
}
