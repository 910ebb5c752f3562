import type { AccessLimit, AuditEntry } from '@coreshift/shared/contract'
import type { AuditLog } from '../audit/audit-log.ts'
import { isWithin } from './limited-vms.ts'

/** Entries looked through for one page; what is left is behind `nextCursor`, so that one request cannot read for ever. */
const LOOKED_THROUGH_MAX = 20_000
const CHUNK = 1_000

/**
 * The entries about VMs that were within the limit when it happened. Sign-ins, accounts and settings are about the whole.
 */
export function limitedAudit(audit: AuditLog, limit: AccessLimit): AuditLog {
  const shows = ({ vm, host, vmName }: AuditEntry): boolean =>
    vm !== undefined && isWithin(limit, host ?? '', vmName ?? '')

  return {
    append: (draft) => audit.append(draft),
    async list(filter, page) {
      const items: AuditEntry[] = []
      let cursor = page.cursor
      for (let looked = 0; looked < LOOKED_THROUGH_MAX; looked += CHUNK) {
        const chunk = await audit.list(filter, {
          limit: CHUNK,
          ...(cursor === undefined ? {} : { cursor }),
        })
        for (const entry of chunk.items.filter(shows)) {
          const last = items.at(-1)
          if (items.length === page.limit && last) return { items, nextCursor: audit.cursorAfter(last) }
          items.push(entry)
        }
        cursor = chunk.nextCursor
        if (cursor === undefined) return { items }
      }
      return { items, ...(cursor === undefined ? {} : { nextCursor: cursor }) }
    },
    cursorAfter: (entry) => audit.cursorAfter(entry),
    async *export(filter) {
      for await (const entry of audit.export(filter)) if (shows(entry)) yield entry
    },
    verify: () => audit.verify(),
    onAppend: (listener) =>
      audit.onAppend((entry) => {
        if (shows(entry)) listener(entry)
      }),
  }
}
