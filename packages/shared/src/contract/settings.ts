import { z } from 'zod'
import { POLICY_PRESETS } from '../resize-policy.ts'
import { ResizePolicy } from './resize.ts'

export const SHRINK_GUARDS = ['off', 'warn', 'acknowledge', 'refuse'] as const

export const Settings = z
  .object({
    unplugEnabled: z.boolean().describe('false forbids every live removal'),
    unplugDisabledHosts: z.array(z.string()).describe('host ids on which live removal is forbidden'),
    unplugDisabledVms: z.array(z.string()).describe('VM uuids for which live removal is forbidden'),
    pinnedRemovalAllowed: z.boolean().describe('true: pinned vCPUs may be removed'),
    hostCpuLimit: z.enum(['warn', 'enforce']).describe('whether more vCPUs than host CPUs are refused'),
    policies: z.record(z.enum(POLICY_PRESETS), ResizePolicy),
    defaultPolicy: z.enum(POLICY_PRESETS).describe('for requests that name none'),
    hostPolicies: z
      .record(z.string(), z.enum(POLICY_PRESETS))
      .optional()
      .describe('default by host id, in place of `defaultPolicy`'),
    vmPolicies: z
      .record(z.string(), z.enum(POLICY_PRESETS))
      .optional()
      .describe("default by VM uuid, in place of its host's"),
    shrinkGuard: z
      .enum(SHRINK_GUARDS)
      .optional()
      .describe(
        'what happens to a live removal that leaves fewer vCPUs than the guest keeps busy: nothing, a warning, a word of the person, a refusal; absent: warn',
      ),
    twoFactorRequired: z
      .boolean()
      .optional()
      .describe(
        'true: an account with a password can do nothing but enrol an authenticator until it has one',
      ),
    auditRetentionDays: z
      .int()
      .min(1)
      .max(36_500)
      .optional()
      .describe('older entries of the audit are removed under a signed seal; unset: never'),
    auditRetentionEntries: z
      .int()
      .min(1_000)
      .max(1_000_000_000)
      .optional()
      .describe('more entries of the audit than these are removed, the oldest first; unset: never'),
  })
  .strict()
  .meta({ id: 'Settings' })
export type Settings = z.infer<typeof Settings>
