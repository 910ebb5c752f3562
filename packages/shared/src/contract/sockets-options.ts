import { z } from 'zod'
import { Reason } from './problem.ts'

export const Verdict = z
  .object({
    allowed: z.boolean(),
    reasons: z
      .array(Reason)
      .describe(
        'every reason why not; with `allowed` and an acknowledgeable code: what has to be acknowledged',
      ),
    acknowledge: z.array(z.string()).optional().describe('codes to send in `acknowledge`'),
  })
  .meta({ id: 'Verdict' })
export type Verdict = z.infer<typeof Verdict>

export const SocketsOption = z
  .object({
    sockets: z.int().min(1),
    vcpus: z
      .int()
      .min(1)
      .describe('vCPUs of this value in the running VM, or in the stored definition when down'),
    nextBootVcpus: z
      .int()
      .min(1)
      .optional()
      .describe('vCPUs of this value at the next boot, where the stored definition has other sockets'),
    current: z.boolean().optional(),
    live: Verdict,
    nextBoot: Verdict,
    warnings: z
      .array(z.string())
      .optional()
      .describe('to know before choosing this value, such as more vCPUs than host CPUs; forbids nothing'),
  })
  .meta({ id: 'SocketsOption' })
export type SocketsOption = z.infer<typeof SocketsOption>

export const SocketsOptions = z
  .object({
    vm: z.string(),
    rev: z.int(),
    options: z.array(SocketsOption).describe('every value from 1 to the maximum'),
  })
  .meta({ id: 'SocketsOptions' })
export type SocketsOptions = z.infer<typeof SocketsOptions>
