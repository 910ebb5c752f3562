import type { AuditDraft } from '../audit/audit-log.ts'
import type { OperationRecord } from './operation-record.ts'

/** A state of an operation and what is told with it. */
export interface OperationChange {
  readonly record: OperationRecord
  readonly audit: readonly AuditDraft[]
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
  listForVm(vmUuid: string, limit: number): Promise<OperationRecord[]>
  /** Ended operations of all VMs, newest first. */
  listEnded(limit: number): Promise<OperationRecord[]>
}
