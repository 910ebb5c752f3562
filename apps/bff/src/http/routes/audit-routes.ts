import { z } from 'zod'
import {
  AUDIT_OUTCOMES,
  AuditList,
  AuditVerification,
  Cursor,
  Instant,
  PageLimit,
} from '@coreshift/shared/contract'
import type { AuditFilter } from '../../audit/audit-log.ts'
import { auditCsv, auditJsonLines } from '../../audit/audit-export.ts'
import { route, type Route } from '../route.ts'
import type { ApiServices } from '../services.ts'

const Filter = z
  .object({
    vm: z.string().max(200).optional().describe('VM uuid'),
    actor: z.string().max(200).optional().describe('name of the account or token'),
    action: z.string().max(200).optional(),
    outcome: z.enum(AUDIT_OUTCOMES).optional(),
    operation: z.string().max(200).optional().describe('id of the resize'),
    from: Instant.optional().describe('included'),
    to: Instant.optional().describe('excluded'),
    q: z.string().max(200).optional().describe('part of the message'),
  })
  .strict()

export function auditRoutes({ audit }: ApiServices): Route[] {
  return [
    route({
      method: 'GET',
      path: '/audit',
      access: 'see-audit',
      summary: 'What was done, newest first',
      query: Filter.extend({ cursor: Cursor.optional(), limit: PageLimit }),
      answers: { 200: { description: 'One page', schema: AuditList } },
      handle: async ({ query: { cursor, limit, ...filter } }) => ({
        status: 200,
        body: await audit.list(given(filter), { limit, ...(cursor === undefined ? {} : { cursor }) }),
      }),
    }),
    route({
      method: 'GET',
      path: '/audit/export.csv',
      access: 'see-audit',
      summary: 'The same as a table, oldest first',
      query: Filter,
      answers: { 200: { description: 'All matching entries', contentType: 'text/csv' } },
      handle: ({ query }) =>
        Promise.resolve({
          status: 200,
          stream: {
            contentType: 'text/csv; charset=utf-8',
            fileName: 'coreshift-audit.csv',
            chunks: auditCsv(audit.export(given(query))),
          },
        }),
    }),
    route({
      method: 'GET',
      path: '/audit/export.jsonl',
      access: 'see-audit',
      summary: 'The same as one JSON object a line, oldest first, with every hash',
      query: Filter,
      answers: { 200: { description: 'All matching entries', contentType: 'application/jsonl' } },
      handle: ({ query }) =>
        Promise.resolve({
          status: 200,
          stream: {
            contentType: 'application/jsonl; charset=utf-8',
            fileName: 'coreshift-audit.jsonl',
            chunks: auditJsonLines(audit.export(given(query))),
          },
        }),
    }),
    route({
      method: 'GET',
      path: '/audit/verify',
      access: 'see-audit',
      summary: 'Recomputes the chain from the first entry',
      answers: {
        200: { description: 'Whether it fits, and where it first does not', schema: AuditVerification },
      },
      handle: async () => ({ status: 200, body: await audit.verify() }),
    }),
  ]
}

/** Without the members that were not sent. */
function given(filter: { readonly [K in keyof AuditFilter]?: string | undefined }): AuditFilter {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined))
}
