import { z } from 'zod'

export const HOOK_MOMENTS = ['before-resize', 'after-resize'] as const

/** An executable that runs before or after each live resize. */
export const Hook = z
  .object({
    moment: z.enum(HOOK_MOMENTS),
    name: z.string().describe('file name; hooks of one moment run in the order of their names'),
  })
  .meta({ id: 'Hook' })
export type Hook = z.infer<typeof Hook>

export const HookList = z
  .object({
    folder: z.string().optional().describe('where hooks are looked for; absent: none is configured'),
    items: z.array(Hook).describe('what would run now, in this order'),
    problem: z.string().optional().describe('why the folder cannot be read'),
  })
  .meta({ id: 'HookList' })
export type HookList = z.infer<typeof HookList>
