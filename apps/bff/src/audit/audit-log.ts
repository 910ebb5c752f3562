import type { Actor, AuditEntry, AuditList, AuditVerification } from '@coreshift/shared/contract'

/** An entry before it has its place in the chain. */
export interface AuditDraft {
  /** ISO instant. */
  readonly at: string
  readonly actor: Actor
  readonly action: string
  readonly outcome: AuditEntry['outcome']
  readonly vm?: string | undefined
  readonly vmName?: string | undefined
  readonly host?: string | undefined
  readonly operation?: string | undefined
  readonly message: string
  readonly durationMs?: number | undefined
  readonly detail?: Readonly<Record<string, unknown>> | undefined
  readonly requestId?: string | undefined
}

export interface AuditFilter {
  readonly vm?: string
  readonly actor?: string
  readonly action?: string
  readonly outcome?: string
  readonly operation?: string
  /** ISO instants, `from` included, `to` excluded. */
  readonly from?: string
  readonly to?: string
  /** Full text over the message. */
  readonly q?: string
}

export interface AuditLog {
  append(draft: AuditDraft): Promise<AuditEntry>
  /** Newest first. */
  list(filter: AuditFilter, page: { cursor?: string; limit: number }): Promise<AuditList>
  /** The cursor of the page that goes on behind this entry. */
  cursorAfter(entry: AuditEntry): string
  /** Oldest first, streamed. */
  export(filter: AuditFilter): AsyncIterable<AuditEntry>
  verify(): Promise<AuditVerification>
  onAppend(listener: (entry: AuditEntry) => void): () => void
}
