import { z } from 'zod'
import { Problem } from './problem.ts'
import { Operation } from './resize.ts'
import { Vm } from './vm.ts'

const saved = z.union([
  z.object({ ok: z.literal(true) }),
  z.object({ ok: z.literal(false), problem: Problem }),
])

/**
 * Answer to a `PATCH` of a VM: one outcome per member that was sent. Each member is carried out on its own, so a
 * description is saved even if the resize is refused. When nothing could be carried out the answer is the first
 * problem instead.
 */
export const VmChange = z
  .object({
    vm: Vm.describe('as it is now; accepted sockets are not yet in it'),
    description: saved.optional(),
    guestOs: saved.optional(),
    sockets: z
      .union([
        z.object({ ok: z.literal(true), operation: Operation }),
        z.object({ ok: z.literal(false), problem: Problem }),
      ])
      .optional(),
  })
  .meta({ id: 'VmChange' })
export type VmChange = z.infer<typeof VmChange>
