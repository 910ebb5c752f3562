import { formatDuration, formatVcpuRanges, type VcpuState } from '@coreshift/shared'
import type { OperationRecord } from '../operation-record.ts'

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

/** How much of the wanted change happened: "2 of 4 removed". */
export function progress(record: OperationRecord): string {
  const done = idsIn(record, record.kind === 'plug' ? 'present' : 'removed').length
  return `${done} of ${record.vcpus.length} ${record.kind === 'plug' ? 'added' : 'removed'}`
}

function partial(record: OperationRecord): string {
  const refused = idsIn(record, 'refused')
  const stuck = idsIn(record, 'stuck', 'pending-removal', 'adding')
  const parts: string[] = []
  if (refused.length > 0) {
    parts.push(`the guest refused vCPU ${formatVcpuRanges(refused)} (it may be its last online CPU)`)
  }
  if (stuck.length > 0 && record.kind === 'unplug') {
    const asked = sayCount(record.attempts, 'request')
    parts.push(`no answer to ${asked} for vCPU ${formatVcpuRanges(stuck)}`)
  }
  return [`${progress(record)}`, ...parts].join('; ')
}

/** Where an operation stands, in one sentence for a person. Says no more than is known. */
export function describeOperation(record: OperationRecord): string {
  switch (record.state) {
    case 'submitting':
      return record.kind === 'config'
        ? `Storing ${target(record)} for the next boot.`
        : `Asking libvirt for ${target(record)}.`
    case 'pending': {
      if (record.memory.hostLost)
        return `Host ${record.hostName} cannot be reached; ${progress(record)} as last seen.`
      if (record.memory.writingConfig) return `Resized live; storing ${target(record)} for the next boot.`
      if (record.kind === 'plug') return `Waiting for libvirt to show the added vCPUs: ${progress(record)}.`
      return `Waiting for the guest: ${progress(record)}${record.overdue ? ', overdue' : ''}.`
    }
    case 'deferred':
      return `No answer yet: ${partial(record)}. The guest may still let go; it is looked at again and this record is corrected.`
    case 'rolling-back':
      return `Not done in its window; adding back what was removed.`
    case 'rolled-back':
      return `Put back: ${partial(record)} in its window, and what was removed was added again.`
    case 'abandoned':
      return `Nobody waits any more: ${partial(record)}. A removal that still completes is recorded.`
    case 'converged': {
      const late = record.overdue && record.kind === 'unplug' ? 'Removed late: resized' : 'Resized'
      return record.kind === 'config'
        ? `${target(record)} stored for the next boot.`
        : `${late} to ${target(record)} in ${elapsed(record)}.`
    }
    case 'failed':
      return `${record.vcpus.length > 0 ? `${partial(record)}. ` : ''}${record.error ?? 'The resize failed.'}`
  }
}
