import { z } from 'zod'
import { PREPARATION_WARNINGS } from '../prepare/preparation-warnings.ts'
import { REMOVABILITIES } from '../prepare/removability.ts'
import { VcpuId, Uuid } from './primitives.ts'
import { Reason } from './problem.ts'
import { CpuTopology } from './vm.ts'

const count = z.int().min(1).max(16_384)

/** What a VM's stored definition is to become; everything that is left out is proposed. */
export const PrepareInput = z
  .object({
    socketsMax: count.optional().describe('sockets there shall be room for; default: the proposal'),
    sockets: count.optional().describe('sockets at the next start; default: as stored'),
    shape: z
      .object({ dies: count, clusters: count, cores: count, threads: count })
      .partial()
      .strict()
      .optional()
      .describe('parts of a socket that are to change'),
    removable: z
      .boolean()
      .optional()
      .describe('mark boot vCPUs hot-pluggable; default: yes where machine and guest can give vCPUs back'),
    rev: z.int().optional().describe('revision of the VM the plan was made on; refused if it changed since'),
  })
  .strict()
  .meta({ id: 'PrepareInput' })
export type PrepareInput = z.infer<typeof PrepareInput>

export const DefinitionSummary = z
  .object({
    topology: CpuTopology,
    topologyDeclared: z.boolean(),
    maximum: z.int(),
    vcpuCount: z.int(),
    fixed: z.string().describe('vCPUs present at start that cannot be removed live, as ranges'),
    removable: z.string().describe('vCPUs present at start that can be removed live, as ranges'),
  })
  .meta({ id: 'DefinitionSummary' })
export type DefinitionSummary = z.infer<typeof DefinitionSummary>

export const PreparePlan = z
  .object({
    vm: Uuid,
    rev: z.int(),
    allowed: z.boolean(),
    reasons: z.array(Reason).describe('every reason why not'),
    proposal: z.object({
      socketsMax: z.int(),
      why: z.string(),
      bounds: z
        .array(z.object({ socketsMax: z.int(), why: z.string() }))
        .describe('everything that was weighed, the tightest first'),
    }),
    cost: z
      .object({
        emptySlots: z.int().describe('vCPUs that there is room for and that are not present at start'),
        guestMemoryMib: z.int().describe('memory that a Linux guest sets aside for them, about'),
      })
      .optional()
      .describe('what the ceiling costs; absent where the wish makes no sense'),
    removable: z.boolean(),
    from: DefinitionSummary.optional(),
    to: DefinitionSummary.optional(),
    changes: z.array(z.string()).describe('what changes, in sentences; empty: nothing to do'),
    warnings: z.array(z.object({ code: z.enum(PREPARATION_WARNINGS), message: z.string() })),
    liveRange: z
      .object({ min: z.int(), max: z.int() })
      .optional()
      .describe('sockets between which the VM can be resized live once it runs with the new definition'),
    takesEffect: z
      .enum(['at-start', 'next-start'])
      .describe('next-start: the VM runs; it has to be shut down and started, a reboot is not enough'),
    xml: z
      .array(z.object({ kind: z.enum(['same', 'removed', 'added', 'gap']), text: z.string() }))
      .describe('what changes in the domain XML, line by line; gap: number of unchanged lines left out'),
    undo: z.boolean().describe('an earlier preparation can be undone'),
  })
  .meta({ id: 'PreparePlan' })
export type PreparePlan = z.infer<typeof PreparePlan>

const nextBootChanges = z.array(
  z.object({
    what: z.enum(['sockets', 'vcpus', 'maximum', 'topology', 'removability']),
    now: z.string(),
    next: z.string(),
  }),
)

/** Giving up what the next boot would change: the stored definition gets the vCPUs of the running machine. */
export const NextBootRevert = z
  .object({
    vm: Uuid,
    changes: nextBootChanges.describe('what the next boot would have changed, and now will not'),
    xml: PreparePlan.shape.xml,
  })
  .meta({ id: 'NextBootRevert' })
export type NextBootRevert = z.infer<typeof NextBootRevert>

/** What each vCPU slot is good for, and what the next boot changes. */
export const NextBootForecast = z
  .object({
    vm: Uuid,
    rev: z.int(),
    vcpus: z.array(
      z.object({
        id: VcpuId,
        now: z.enum(REMOVABILITIES).optional().describe('absent while the VM is down'),
        nextBoot: z.enum(REMOVABILITIES).optional().describe('absent for a transient VM'),
      }),
    ),
    becomeFixed: z.array(VcpuId).describe('removable now, fixed after the next boot'),
    becomeRemovable: z.array(VcpuId),
    warnings: z.array(z.string()),
    changes: nextBootChanges.describe('where the running machine and the stored definition differ'),
  })
  .meta({ id: 'NextBootForecast' })
export type NextBootForecast = z.infer<typeof NextBootForecast>
