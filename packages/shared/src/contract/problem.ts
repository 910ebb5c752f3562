import { z } from 'zod'
import { REFUSAL_CODES, UNLOCKS } from '../refusal-code.ts'
import { VcpuId } from './primitives.ts'

export const Reason = z
  .object({
    code: z.enum(REFUSAL_CODES),
    message: z.string().describe('a sentence for a person'),
    unlock: z.array(z.enum(UNLOCKS)).optional().describe('what would make it possible'),
    vcpus: z.array(VcpuId).optional(),
  })
  .meta({ id: 'Reason' })
export type Reason = z.infer<typeof Reason>

/** Codes of problems that are no refusal of a resize. */
export const PROBLEM_CODES = [
  'invalid-request',
  'unsupported-media-type',
  'payload-too-large',
  'unauthenticated',
  'two-factor-required',
  'not-permitted',
  'csrf-refused',
  'origin-refused',
  'not-found',
  'method-not-allowed',
  'conflict',
  'stale-revision',
  'refused',
  'rate-limited',
  'host-offline',
  'libvirt-error',
  'timeout',
  'internal-error',
] as const
export type ProblemCode = (typeof PROBLEM_CODES)[number]

/** RFC 9457 `application/problem+json`. */
export const Problem = z
  .object({
    type: z.string().describe('URI reference of the kind of problem'),
    title: z.string(),
    status: z.int().min(400).max(599),
    code: z.enum(PROBLEM_CODES),
    detail: z.string().describe('what was wrong and what would be right'),
    instance: z.string().optional(),
    requestId: z.string().optional(),
    reasons: z.array(Reason).optional().describe('for refusals: every reason, not only the first'),
    issues: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .describe('for invalid input: which field and what would be right'),
    operation: z.string().optional().describe('id of the open operation that stands in the way'),
  })
  .meta({ id: 'Problem' })
export type Problem = z.infer<typeof Problem>
