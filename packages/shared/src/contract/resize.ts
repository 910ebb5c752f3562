import { z } from 'zod'
import { OPERATION_KINDS, OPERATION_STATES, RESIZE_MODES } from '../operation-state.ts'
import { POLICY_ENDINGS, POLICY_PRESETS } from '../resize-policy.ts'
import { ACKNOWLEDGEABLE_CODES } from '../refusal-code.ts'
import { VCPU_STATES } from '../vcpu-state.ts'
import { Instant, Uuid, VcpuId } from './primitives.ts'
import { Reason } from './problem.ts'

const policySettings = {
  deadlineMs: z.int().min(500).max(86_400_000).describe('time given to one request, ms'),
  attempts: z.int().min(1).max(20).describe('requests in all'),
  backoffFactor: z.number().min(1).max(10).describe('each further deadline is so many times the one before'),
  maxDeadlineMs: z.int().min(500).max(86_400_000).describe('longest deadline after back-off, ms'),
  retryRefused: z.boolean().describe('ask again after a refusal by the guest'),
  reconcileMs: z
    .int()
    .min(1000)
    .max(86_400_000)
    .describe('time between two looks after the attempts are used up, ms'),
  ending: z.enum(POLICY_ENDINGS).describe('what happens when the attempts are used up'),
  drain: z.boolean().optional().describe('have the guest agent take the vCPUs offline first; default false'),
  bringOnline: z
    .boolean()
    .optional()
    .describe('have the guest agent bring added vCPUs online; default: where an agent is connected'),
}

export const ResizePolicy = z
  .object({
    ...policySettings,
    backoffFactor: policySettings.backoffFactor.default(1),
    maxDeadlineMs: policySettings.maxDeadlineMs.default(86_400_000),
    retryRefused: policySettings.retryRefused.default(false),
    reconcileMs: policySettings.reconcileMs.default(60_000),
  })
  .strict()
  .meta({ id: 'ResizePolicy' })
export type ResizePolicyInput = z.input<typeof ResizePolicy>

/** Single settings that take the place of a policy's own, for one request. */
export const ResizePolicyOverrides = z
  .object(policySettings)
  .partial()
  .strict()
  .meta({ id: 'ResizePolicyOverrides' })
export type ResizePolicyOverrides = z.infer<typeof ResizePolicyOverrides>

/** Where the policy of a request comes from: the nearest one that says something counts. */
export const POLICY_SOURCES = ['request', 'vm', 'host', 'global'] as const

export const ResizeRequest = z
  .object({
    sockets: z.int().min(0).max(16_384).optional(),
    removeVcpus: z.array(VcpuId).min(1).max(4096).optional(),
    mode: z.enum(RESIZE_MODES).default('live'),
    policy: z
      .union([z.enum(POLICY_PRESETS), ResizePolicy])
      .optional()
      .describe(
        'a preset or a policy of its own; absent: the default of the VM, else of its host, else the global one',
      ),
    policyOverrides: ResizePolicyOverrides.optional().describe(
      "single settings in place of the policy's own, for this request",
    ),
    acknowledge: z.array(z.enum(ACKNOWLEDGEABLE_CODES)).max(20).optional(),
    replaces: Uuid.optional().describe('id of the open operation this one replaces'),
    rev: z.int().optional().describe('revision of the VM the plan was made on; refused if it changed since'),
  })
  .strict()
  .refine((request) => (request.sockets === undefined) !== (request.removeVcpus === undefined), {
    message:
      'give either `sockets` (how many to have) or `removeVcpus` (which to remove), not both and not neither',
  })
  .meta({ id: 'ResizeRequest' })
export type ResizeRequest = z.infer<typeof ResizeRequest>
export type ResizeRequestInput = z.input<typeof ResizeRequest>

export const OperationVcpu = z
  .object({
    id: VcpuId,
    state: z.enum(VCPU_STATES),
    since: Instant,
    attempts: z.int(),
    error: z.string().optional(),
    addBack: z
      .boolean()
      .optional()
      .describe(
        'the guest was asked to give it up before, and it is wanted again: it stays if the guest refuses, and is added again if it goes',
      ),
  })
  .meta({ id: 'OperationVcpu' })
export type OperationVcpu = z.infer<typeof OperationVcpu>

export const Actor = z
  .object({
    kind: z.enum(['user', 'token', 'system', 'outside']),
    name: z.string(),
    address: z.string().optional(),
  })
  .meta({ id: 'Actor' })
export type Actor = z.infer<typeof Actor>

export const TimelineStep = z
  .object({
    at: Instant,
    what: z.string().describe('machine word of the step, e.g. accepted, vcpu-removed, deadline'),
    text: z.string().describe('a sentence for a person'),
    vcpus: z.array(VcpuId).optional(),
    detail: z.string().optional().describe("libvirt's own words"),
  })
  .meta({ id: 'TimelineStep' })
export type TimelineStep = z.infer<typeof TimelineStep>

const size = z.object({ sockets: z.number(), vcpus: z.int() })

/**
 * What becomes of an open resize when a person wants something else. Each vCPU is in one list at most; the lists hold
 * only vCPUs that something happens or might have happened to.
 */
export const ChangeOfMind = z
  .object({
    replaces: Uuid.describe('the open resize that gives way'),
    requestedBy: z.string().describe('who asked for the open one'),
    since: Instant.describe('when the open one was asked for'),
    avoidable: z.array(VcpuId).describe('not asked for yet: dropping the open resize is enough'),
    committed: z.array(VcpuId).describe('the guest was asked for them, and they are not wanted now either'),
    addBackIfGone: z
      .array(VcpuId)
      .describe('the guest was asked for them, they are wanted again: added again if they go'),
    addBack: z.array(VcpuId).describe('gone already and wanted again: added now'),
    removeToo: z.array(VcpuId).describe('not asked for before, not wanted now: removed'),
    addToo: z.array(VcpuId).describe('not part of the open resize, wanted now: added'),
    sentences: z.array(z.string()).describe('the same in words, one per list that is not empty'),
  })
  .meta({ id: 'ChangeOfMind' })
export type ChangeOfMind = z.infer<typeof ChangeOfMind>

export const Operation = z
  .object({
    id: Uuid,
    vm: Uuid,
    vmName: z.string(),
    host: z.string(),
    hostName: z.string(),
    requestedBy: Actor,
    kind: z.enum(OPERATION_KINDS),
    from: size,
    to: size,
    mode: z.enum(RESIZE_MODES),
    policy: ResizePolicy.extend({ preset: z.enum(POLICY_PRESETS).optional() }),
    state: z.enum(OPERATION_STATES),
    vcpus: z.array(OperationVcpu).describe('the vCPUs this operation moves'),
    attempts: z.int(),
    overdue: z.boolean().describe('a deadline passed and vCPUs are still there'),
    acknowledged: z.array(z.string()).optional(),
    replaces: Uuid.optional().describe('the resize that gave way to this one'),
    replacedBy: Uuid.optional().describe('the resize that this one gave way to'),
    changeOfMind: ChangeOfMind.optional().describe('how this one was merged with the one it replaces'),
    tell: z
      .array(Actor.pick({ kind: true, name: true }))
      .optional()
      .describe('who is told by a `notice` on the live view when it is overdue and when it ends'),
    createdAt: Instant,
    acceptedAt: Instant.optional(),
    deadlineAt: Instant.optional().describe('when the guest is asked again or looked at next'),
    finishedAt: Instant.optional(),
    sentence: z.string().describe('where it stands, for a person'),
    error: z.string().optional(),
    timeline: z.array(TimelineStep),
  })
  .meta({ id: 'Operation' })
export type Operation = z.infer<typeof Operation>

export const OperationList = z
  .object({ items: z.array(Operation), nextCursor: z.string().optional(), rev: z.int() })
  .meta({ id: 'OperationList' })
export type OperationList = z.infer<typeof OperationList>

export const ResizePlan = z
  .object({
    vm: Uuid,
    rev: z.int().describe('revision of the VM this plan was made on'),
    kind: z.enum(OPERATION_KINDS),
    from: size,
    to: size,
    allowed: z.boolean(),
    reasons: z.array(Reason),
    acknowledge: z.array(z.string()).optional(),
    warnings: z.array(z.string()).optional().describe('to know before asking for it; forbids nothing'),
    now: z.array(z.string()).describe('steps now, in words'),
    afterRestart: z.array(z.string()).describe('what holds after the next boot, in words'),
    addVcpus: z.array(VcpuId),
    removeVcpus: z.array(VcpuId),
    expected: z
      .object({ medianMs: z.number(), removals: z.int(), refusals: z.int() })
      .optional()
      .describe("from this guest's own history"),
    policy: ResizePolicy.extend({
      preset: z.enum(POLICY_PRESETS).optional(),
      from: z
        .enum(POLICY_SOURCES)
        .describe('what decided: the request, or a default of the VM, its host or all'),
    })
      .optional()
      .describe('how long it would wait and what then'),
    changeOfMind: ChangeOfMind.optional().describe('with `replaces`: what becomes of the open resize'),
  })
  .meta({ id: 'ResizePlan' })
export type ResizePlan = z.infer<typeof ResizePlan>
