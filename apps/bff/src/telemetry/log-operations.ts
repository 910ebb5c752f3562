import type { AuditLog } from '../audit/audit-log.ts'
import type { Logger } from './logger.ts'

/** One line for each step of a resize that is in the audit, with the ids by which request, operation and entry are found. */
export function logOperations(audit: Pick<AuditLog, 'onAppend'>, logger: Pick<Logger, 'info'>): () => void {
  return audit.onAppend(({ id, operation, requestId, vm, action, outcome, message }) => {
    if (operation === undefined) return
    logger.info(
      { operation, ...(requestId === undefined ? {} : { requestId }), vm, action, outcome, audit: id },
      message,
    )
  })
}
