import type { AuditDraft } from '../audit/audit-log.ts'
import type { OperationRecord } from './operation-record.ts'

/** A state of an operation and what is told with it. */
export interface OperationChange {
  readonly record: OperationRecord
  readonly audit: readonly AuditDraft[]
}

/** Which operations of a list that is newest first. */
export interface OperationPage {
  readonly limit: number
  /** Only those that stand behind this one, which may be gone; default: from the newest on. */
  readonly before?: Pick<OperationRecord, 'createdAt' | 'id'>
}

/** Durable home of operations, as the resize shell needs it. */
export interface OperationStore {
  /**
   * Stores the operation and appends the audit entries in one transaction, durable when the promise resolves.
   * The engine performs its effects only after that.
   */
  commit(operation: OperationRecord, audit: readonly AuditDraft[]): Promise<void>
  /** Stores the end of one operation and the beginning of the one that takes its place in one transaction. */
  replace(closed: OperationChange, opened: OperationChange): Promise<void>
  /** Everything that has not ended, oldest first. */
  loadOpen(): Promise<OperationRecord[]>
  get(id: string): Promise<OperationRecord | undefined>
  /** Newest first. */
  listForVm(vmUuid: string, page: OperationPage): Promise<OperationRecord[]>
  /** Ended operations of all VMs, newest first. */
  listEnded(limit: number): Promise<OperationRecord[]>
}
