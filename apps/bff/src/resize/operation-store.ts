import type { AuditDraft } from '../audit/audit-log.ts'
import type { OperationRecord } from './operation-record.ts'

/** Durable home of operations, as the resize shell needs it. */
export interface OperationStore {
  /**
   * Stores the operation and appends the audit entries in one transaction, durable when the promise resolves.
   * The engine performs its effects only after that.
   */
  commit(operation: OperationRecord, audit: readonly AuditDraft[]): Promise<void>
  /** Everything that has not ended, oldest first. */
  loadOpen(): Promise<OperationRecord[]>
  get(id: string): Promise<OperationRecord | undefined>
  /** Newest first. */
  listForVm(vmUuid: string, limit: number): Promise<OperationRecord[]>
  /** Ended operations of all VMs, newest first. */
  listEnded(limit: number): Promise<OperationRecord[]>
}
