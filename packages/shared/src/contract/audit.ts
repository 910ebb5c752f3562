import { z } from 'zod'
import { Instant } from './primitives.ts'
import { Actor } from './resize.ts'

export const AUDIT_OUTCOMES = ['started', 'done', 'partial', 'failed', 'refused', 'info'] as const

export const AuditEntry = z
  .object({
    id: z.int().describe('position in the chain, from 1 without a gap'),
    at: Instant,
    actor: Actor,
    action: z
      .string()
      .describe(
        'e.g. resize.requested, resize.accepted, resize.vcpu-removed, resize.finished, vm.changed-outside',
      ),
    outcome: z.enum(AUDIT_OUTCOMES),
    vm: z.string().optional().describe('VM uuid'),
    vmName: z.string().optional(),
    host: z.string().optional(),
    operation: z.string().optional(),
    message: z.string().describe('a sentence for a person'),
    durationMs: z.number().optional(),
    detail: z.record(z.string(), z.unknown()).optional(),
    requestId: z.string().optional(),
    hash: z.string().describe('SHA-256 over the entry before and this one, hex'),
  })
  .meta({ id: 'AuditEntry' })
export type AuditEntry = z.infer<typeof AuditEntry>

export const AuditList = z
  .object({ items: z.array(AuditEntry), nextCursor: z.string().optional() })
  .meta({ id: 'AuditList' })
export type AuditList = z.infer<typeof AuditList>

export const AuditVerification = z
  .object({
    ok: z.boolean(),
    verifiedUpTo: z.int(),
    firstBroken: z.int().optional().describe('id of the first entry that does not fit'),
    reason: z.string().optional(),
  })
  .meta({ id: 'AuditVerification' })
export type AuditVerification = z.infer<typeof AuditVerification>
