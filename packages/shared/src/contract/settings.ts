import { z } from 'zod'
import { POLICY_PRESETS } from '../resize-policy.ts'
import { ResizePolicy } from './resize.ts'

export const Settings = z
  .object({
    unplugEnabled: z.boolean().describe('false forbids every live removal'),
    unplugDisabledHosts: z.array(z.string()).describe('host ids on which live removal is forbidden'),
    unplugDisabledVms: z.array(z.string()).describe('VM uuids for which live removal is forbidden'),
    pinnedRemovalAllowed: z.boolean().describe('true: pinned vCPUs may be removed'),
    hostCpuLimit: z.enum(['warn', 'enforce']).describe('whether more vCPUs than host CPUs are refused'),
    policies: z.record(z.enum(POLICY_PRESETS), ResizePolicy),
    defaultPolicy: z.enum(POLICY_PRESETS),
    auditRetentionDays: z.int().min(1).max(36_500).optional(),
  })
  .strict()
  .meta({ id: 'Settings' })
export type Settings = z.infer<typeof Settings>
