import { z } from 'zod'
import { MATRIX_EVIDENCE, MATRIX_FAMILIES } from '../guest-os/matrix-row.ts'
import { Instant } from './primitives.ts'
import { GUEST_SUPPORT_VALUES } from './vm.ts'

const support = {
  plug: z.enum(GUEST_SUPPORT_VALUES).describe('whether the running guest takes a further vCPU'),
  unplug: z.enum(GUEST_SUPPORT_VALUES).describe('whether the running guest gives a vCPU back'),
}

/** What this fleet has seen guests of one row do. */
export const GuestOsExperience = z
  .object({
    plugs: z.int().describe('vCPUs added'),
    unplugs: z.int().describe('vCPUs given back'),
    refusals: z.int(),
    medianMs: z.number().optional().describe('median time of a removal, ms'),
    worstMs: z.number().optional().describe('longest time of a removal, ms'),
    lastFailureAt: Instant.optional(),
    lastFailure: z.string().optional().describe('what happened, in words'),
  })
  .meta({ id: 'GuestOsExperience' })
export type GuestOsExperience = z.infer<typeof GuestOsExperience>

/** An administrator's change of a row, as it stands in the store and in an export. */
export const GuestOsEdit = z
  .object({
    row: z.string().min(1).max(200).describe('key of the row'),
    ...support,
    reason: z.string().trim().min(1, 'say why, so that others can judge it later').max(1000),
    by: z.string(),
    at: Instant,
  })
  .meta({ id: 'GuestOsEdit' })
export type GuestOsEdit = z.infer<typeof GuestOsEdit>

export const GuestOsRow = z
  .object({
    id: z.string(),
    family: z.enum(MATRIX_FAMILIES),
    os: z.string().describe('key of the system, e.g. rhel, windows-server'),
    name: z.string(),
    version: z.string().describe('versions it speaks about, in words; empty = any'),
    editions: z.array(z.string()).describe('editions of Windows it speaks about; empty = any'),
    arch: z.string(),
    ...support,
    edit: GuestOsEdit.omit({ row: true }).optional().describe('absent where the row is as shipped'),
    shipped: z.object(support).optional().describe('what the row says without the edit'),
    origin: z
      .enum(['seed', 'extended'])
      .describe('seed: a row of the oVirt table of 2014, kept as it stands'),
    seed: z
      .object({
        row: z.int(),
        os: z.string(),
        version: z.string(),
        arch: z.string(),
        plug: z.string(),
        unplug: z.string(),
      })
      .optional()
      .describe('the cells of a seed row, word for word'),
    later: z
      .object({ ...support, source: z.array(z.string()) })
      .optional()
      .describe('what newer documentation says about a seed row; shown, not applied'),
    evidence: z.enum(MATRIX_EVIDENCE),
    source: z.array(z.string()),
    note: z.string(),
    limitedBy: z.string().optional().describe('set where QEMU, not the guest, is the limit'),
    socketsMax: z.int().optional().describe('sockets that the edition uses at most'),
    vms: z.int().optional().describe('VMs of this fleet that the row answers for now'),
    seen: GuestOsExperience.optional(),
  })
  .meta({ id: 'GuestOsRow' })
export type GuestOsRow = z.infer<typeof GuestOsRow>

export const GuestOsMatrixView = z
  .object({
    updated: z.iso.date().describe('date of the data as shipped'),
    rows: z.array(GuestOsRow),
    notes: z.array(
      z.object({
        id: z.string(),
        appliesTo: z.string(),
        text: z.string(),
        example: z.string().optional(),
        source: z.array(z.string()),
      }),
    ),
    sources: z.array(z.object({ id: z.string(), title: z.string(), where: z.string() })),
    rev: z.int().describe('grows with every change of the edits'),
  })
  .meta({ id: 'GuestOsMatrixView' })
export type GuestOsMatrixView = z.infer<typeof GuestOsMatrixView>

export const GUEST_OS_EDITS_MAX = 1000

/** All edits that are to hold: a row that the list leaves out is as shipped again. */
export const GuestOsMatrixInput = z
  .object({
    edits: z
      .array(
        GuestOsEdit.extend({
          by: z.string().optional().describe('ignored: an exported list can be sent back as it is'),
          at: Instant.optional().describe('ignored'),
        }).strict(),
      )
      .max(GUEST_OS_EDITS_MAX)
      .refine((edits) => new Set(edits.map((edit) => edit.row)).size === edits.length, {
        message: 'name each row once',
      }),
    rev: z.int().optional().describe('revision the edits were made on; refused if it changed since'),
  })
  .strict()
  .meta({ id: 'GuestOsMatrixInput' })
export type GuestOsMatrixInput = z.infer<typeof GuestOsMatrixInput>
