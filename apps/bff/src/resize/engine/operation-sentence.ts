import { formatDuration, formatVcpuRanges, isOpen, type VcpuState } from '@coreshift/shared'
import type { OperationVcpu } from '@coreshift/shared/contract'
import type { OperationRecord } from '../operation-record.ts'
import { isInPlace, leavingIds, undecidedIds } from './vcpu-wish.ts'

/** Units that a guest was to keep, at most, for a refused one to be perhaps the last that it has online. */
const FEW_UNITS = 2

/** Ids of the operation's vCPUs that are in one of these states. */
export function idsIn(record: Pick<OperationRecord, 'vcpus'>, ...states: readonly VcpuState[]): number[] {
  return record.vcpus.filter((vcpu) => states.includes(vcpu.state)).map((vcpu) => vcpu.id)
}

/** `1 socket`, `2 sockets`, `2.5 sockets`. */
export function sayCount(count: number, one: string): string {
  return `${Number.isInteger(count) ? count : Math.round(count * 100) / 100} ${one}${count === 1 ? '' : 's'}`
}

function target(record: OperationRecord): string {
  return sayCount(record.to.sockets, 'socket')
}

function elapsed(record: OperationRecord): string {
  const end = record.finishedAt
  return end === undefined ? '' : formatDuration(Date.parse(end) - Date.parse(record.createdAt))
}

/** vCPUs that the operation is to move, without those that only stay or come back (R21). */
function toMove(record: OperationRecord): OperationVcpu[] {
  return record.vcpus.filter((vcpu) => vcpu.addBack !== true)
}

/** vCPUs on which the wish is fulfilled, as last seen. */
export function movedIds(record: OperationRecord): number[] {
  const vcpus = toMove(record)
  return record.kind === 'plug' ? idsIn({ vcpus }, 'present', 'guest-offline') : idsIn({ vcpus }, 'removed')
}

/** How much of the wanted change happened: "2 of 4 removed". */
function progress(record: OperationRecord): string {
  return `${movedIds(record).length} of ${toMove(record).length} ${record.kind === 'plug' ? 'added' : 'removed'}`
}

/** What may still happen to vCPUs that are wanted again, each with its separator in front. */
function wantedAgain(record: OperationRecord): string[] {
  const coming = record.vcpus.filter((vcpu) => vcpu.addBack === true && vcpu.state === 'adding')
  return [
    ...say(undecidedIds(record), (ids) => `vCPU ${ids}, wanted again, may still go and would be added back`),
    ...say(
      coming.map((vcpu) => vcpu.id),
      (ids) => `vCPU ${ids} is being added back`,
    ),
  ]
}

function say(ids: readonly number[], words: (ranges: string) => string): string[] {
  return ids.length === 0 ? [] : [words(formatVcpuRanges(ids))]
}

/** Progress and what else there is to know, in one clause each. */
function standing(record: OperationRecord): string {
  const moving = toMove(record).length > 0 ? [progress(record)] : []
  const parts = [...moving, ...refusal(record), ...wantedAgain(record)]
  return parts.length === 0 ? 'nothing is missing' : parts.join('; ')
}

function refusal(record: OperationRecord): string[] {
  const refused = idsIn(record, 'refused')
  // Which of its CPUs the guest has online is not known here; with many to keep, that cause is improbable.
  const few = record.to.vcpus <= FEW_UNITS * record.memory.unitSize
  const cause = few ? ' (it may be its last online CPU)' : ''
  return say(refused, (ids) => `the guest refused vCPU ${ids}${cause}`)
}

/** Requests to the guest: what a roll-back asked libvirt is not the guest's silence. */
function requestsTo(record: OperationRecord, ids: readonly number[]): number {
  return Math.max(0, ...record.vcpus.filter((vcpu) => ids.includes(vcpu.id)).map((vcpu) => vcpu.attempts))
}

function silence(record: OperationRecord): string[] {
  const silent = leavingIds(record)
  if (silent.length === 0) return []
  const requests = sayCount(requestsTo(record, silent), 'request')
  return [`no answer to ${requests} for vCPU ${formatVcpuRanges(silent)}`]
}

function partial(record: OperationRecord): string {
  const moving = toMove(record).length > 0 ? [progress(record)] : []
  const parts = [...moving, ...refusal(record), ...silence(record), ...mayStillGo(record)]
  return parts.length === 0 ? 'nothing to move' : parts.join('; ')
}

/** Nothing is lacking but the certainty that what is wanted again stays (R21). */
function undecided(record: OperationRecord): string {
  const asWished = record.vcpus.every((vcpu) => isInPlace(record, vcpu))
  const so = asWished
    ? 'The VM has the vCPUs that are wanted'
    : sentence([progress(record), ...refusal(record)].join('; '))
  const ids = formatVcpuRanges(undecidedIds(record))
  return `${so}. The guest was asked before to give up vCPU ${ids}, has not answered, and may still do so; Coreshift keeps watching and would add back what goes.`
}

/** After the end nothing is added back any more. */
function mayStillGo(record: OperationRecord): string[] {
  return say(undecidedIds(record), (ids) => `vCPU ${ids} may still go`)
}

/** vCPUs that went after the operation had ended. */
function lateWords(record: OperationRecord): string {
  const end = record.finishedAt
  if (end === undefined) return ''
  const late = record.vcpus.filter((vcpu) => vcpu.state === 'removed' && vcpu.since > end)
  if (late.length === 0) return ''
  const last = Math.max(...late.map((vcpu) => Date.parse(vcpu.since)))
  const ids = formatVcpuRanges(late.map((vcpu) => vcpu.id))
  return ` vCPU ${ids} removed late after ${formatDuration(last - Date.parse(record.createdAt))}.`
}

/** Text of others, such as libvirt's, made to stand in a row of sentences. */
function asSentence(text: string): string {
  return `${sentence(text)}${/[.!?]$/.test(text) ? '' : '.'}`
}

function sentence(text: string): string {
  // A name is written as its owners write it.
  if (text.startsWith('libvirt') || text.startsWith('vCPU')) return text
  const first = text.charAt(0).toUpperCase()
  return `${first}${text.slice(1)}`
}

/** Where an operation stands, in one sentence for a person. Says no more than is known. */
export function describeOperation(record: OperationRecord): string {
  const { state, memory } = record
  if (isOpen(state) && memory.hostLost) {
    const seen = record.vcpus.length > 0 ? ` ${sentence(standing(record))} as last seen.` : ''
    return `Host ${record.hostName} cannot be reached.${seen} It goes on as soon as the host is back.`
  }
  if (isOpen(state) && (memory.writingConfig || memory.configStored === true || record.kind === 'config')) {
    const live = record.kind === 'config' || record.vcpus.length === 0 ? '' : 'Resized live; '
    return sentence(`${live}storing ${target(record)} for the next boot.`)
  }
  switch (state) {
    case 'submitting':
      return memory.draining === true
        ? `Asking the guest to take vCPU ${formatVcpuRanges(idsIn(record, 'pending-removal'))} offline first.`
        : `Asking libvirt for ${target(record)}.`
    case 'pending': {
      const awaited = leavingIds(record).length + undecidedIds(record).length > 0
      if (record.kind === 'plug' && !awaited) {
        return `Waiting for libvirt to show the added vCPUs: ${standing(record)}.`
      }
      return `Waiting for the guest: ${standing(record)}${record.overdue ? '; overdue' : ''}.`
    }
    case 'deferred':
      if (memory.paused === true) {
        return `The host does not answer: ${standing(record)} as last seen. It is asked again.`
      }
      return leavingIds(record).length === 0 && undecidedIds(record).length > 0
        ? undecided(record)
        : `${sentence([...silence(record), standing(record)].join('; '))}. The guest may still let go; Coreshift keeps watching and will correct this record.`
    case 'rolling-back': {
      const out = idsIn(record, 'removed', 'adding')
      // Seen back while the host was still being read again: the judgement waits for a look after its return.
      if (out.length === 0)
        return 'Not done in its window; what was removed is back, which one more look has to show.'
      return `Not done in its window; adding back vCPU ${formatVcpuRanges(out)}.`
    }
    case 'rolled-back': {
      const why = [...refusal(record), ...silence(record)].join('; ')
      const back = formatVcpuRanges(idsIn(record, 'present'))
      return `Not done in its window${why === '' ? '' : `: ${why}`}. vCPU ${back} was added back.${lateWords(record)}`
    }
    case 'abandoned': {
      const handed = (memory.takenOver ?? []).length > 0
      const open = silence(record).length > 0 && !handed ? ' A removal that still completes is recorded.' : ''
      const why = record.replacedBy === undefined ? 'Nobody waits any more' : 'A newer resize took its place'
      return `${why}: ${partial(record)}.${open}${lateWords(record)}`
    }
    case 'converged': {
      if (record.kind === 'config') return `${sentence(target(record))} stored for the next boot.`
      const late = record.overdue && record.kind === 'unplug' ? 'Removed late: resized' : 'Resized'
      const offline = record.vcpus.filter((vcpu) => vcpu.state === 'guest-offline')
      const ids = formatVcpuRanges(offline.map((vcpu) => vcpu.id))
      const left =
        offline.length > 0
          ? ` The guest leaves vCPU ${ids} offline: ${offline[0]?.error ?? 'no reason known'}.`
          : ''
      const still = mayStillGo(record).map((words) => ` ${sentence(words)}; that would be recorded.`)
      return `${late} to ${target(record)} in ${elapsed(record)}.${left}${still.join('')}${lateWords(record)}`
    }
    case 'failed': {
      const so = record.vcpus.length > 0 ? `${sentence(partial(record))}. ` : ''
      return `${so}${asSentence(record.error ?? 'The resize failed.')}${lateWords(record)}`
    }
  }
}
