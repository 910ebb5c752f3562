import { z } from 'zod'
import { VcpuId } from './primitives.ts'

/** How a simulated guest behaves, and what it can be made to do. Served for VMs of the demo only. */
export const DemoGuest = z
  .object({
    behaviour: z
      .string()
      .describe('what the guest does when it is asked to let a vCPU go, or gets a new one'),
    behaviours: z.array(z.string()).describe('all that can be chosen'),
    agent: z.string().describe('state of the guest agent'),
    agents: z.array(z.string()),
    actions: z.array(z.string()).describe('what can be made to happen in the guest now'),
    running: z.boolean(),
    asked: z
      .array(VcpuId)
      .describe('lowest vCPU of each hot-plug unit that was asked to go and is still there'),
  })
  .meta({ id: 'DemoGuest' })
export type DemoGuest = z.infer<typeof DemoGuest>

export const DemoGuestChange = z
  .object({
    behaviour: z.string().optional().describe('one of `behaviours`'),
    agent: z.string().optional().describe('one of `agents`'),
    act: z.string().optional().describe('one of `actions`'),
    answer: z
      .object({ vcpu: VcpuId, how: z.enum(['let-go', 'refuse']) })
      .strict()
      .optional()
      .describe('the end of a removal that the guest has not answered'),
  })
  .strict()
  .refine((change) => Object.keys(change).length > 0, 'one of behaviour, agent, act and answer')
  .meta({ id: 'DemoGuestChange' })
export type DemoGuestChange = z.infer<typeof DemoGuestChange>

export const DEMO_HOST_ACTIONS = ['cut-connections', 'stop-daemon', 'start-daemon'] as const

export const DemoHostChange = z
  .object({ act: z.enum(DEMO_HOST_ACTIONS) })
  .strict()
  .meta({ id: 'DemoHostChange' })
export type DemoHostChange = z.infer<typeof DemoHostChange>
