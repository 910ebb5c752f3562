import { z } from 'zod'

/** Hosts that one limit may name. */
export const LIMIT_HOSTS_MAX = 100

/**
 * Which part of the fleet a role is good for. A VM is within the limit when it runs on one of the hosts and its name
 * fits the pattern; what is left out limits nothing. Everything else does not exist for whoever is limited.
 */
export const AccessLimit = z
  .object({
    hosts: z.array(z.string().min(1).max(200)).min(1).max(LIMIT_HOSTS_MAX).optional().describe('host ids'),
    vmNames: z
      .string()
      .trim()
      .regex(
        /^[^*?\p{Cc}]*(?:[*?][^*?\p{Cc}]*){0,10}$/u,
        'a name in which * stands for any characters and ? for one, 10 of them at most',
      )
      .min(1)
      .max(200)
      .optional()
      .describe('pattern of VM names: * stands for any characters, ? for one; letters in their case'),
  })
  .strict()
  .refine(({ hosts, vmNames }) => hosts !== undefined || vmNames !== undefined, 'name hosts or a pattern')
  .meta({ id: 'AccessLimit' })
export type AccessLimit = z.infer<typeof AccessLimit>
