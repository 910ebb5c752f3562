import { entry, historyOf } from './fixtures.ts'
import { problemBody, type Stories } from './story.ts'

const refusal = problemBody(
  403,
  'not-permitted',
  'Only administrators and operators may read the audit log.',
  'Not permitted',
)

const AUDIT = [
  ...historyOf(),
  entry(100_000, 'signed in', { action: 'session.started', vmName: undefined as never }),
].toReversed()

function auditList(items = AUDIT) {
  return (_: string, path: string) =>
    path.startsWith('/audit/verify')
      ? { json: { ok: true, verifiedUpTo: 18_204 } }
      : path.startsWith('/audit')
        ? { json: { items: [...items].sort((a, b) => (a.at < b.at ? 1 : -1)) } }
        : undefined
}

export const AUDIT_STORIES: Stories = {
  audit: { path: '/audit', server: auditList() },
  'audit-loading': { path: '/audit', server: () => ({ never: true }) },
  'audit-empty': { path: '/audit', server: auditList([]) },
  'audit-broken-chain': {
    path: '/audit',
    server: (method, path) =>
      path.startsWith('/audit/verify')
        ? { json: { ok: false, verifiedUpTo: 17_003, firstBroken: 17_004 } }
        : auditList()(method, path),
  },
  'audit-not-permitted': { path: '/audit', server: () => refusal },
  'audit-unreachable': { path: '/audit', server: () => ({ unreachable: true }) },
}
