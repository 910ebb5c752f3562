import { GUEST_SUPPORT_VALUES } from '@coreshift/shared/contract'
import { MATRIX_EVIDENCE, MATRIX_FAMILIES, type MatrixRow } from '@coreshift/shared'
import { z } from 'zod'

const support = z.enum(GUEST_SUPPORT_VALUES)
const text = z.string().min(1)

const VersionMatch = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('any') }),
  z.strictObject({ type: z.literal('exact'), value: z.string() }),
  z.strictObject({ type: z.literal('prefix'), value: text }),
  z.strictObject({ type: z.literal('range'), min: text, below: text.optional() }),
  z.strictObject({ type: z.literal('list'), values: z.array(z.string()).min(1) }),
])

const EditionMatch = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('any') }),
  z.strictObject({ type: z.literal('list'), values: z.array(text).min(1) }),
])

/** One row as `matrix.json` writes it. Unknown fields are refused, so that none is lost in silence. */
const FileRow = z.strictObject({
  id: text,
  family: z.enum(MATRIX_FAMILIES),
  os: text,
  name: text,
  version_match: VersionMatch,
  edition_match: EditionMatch,
  arch: text,
  plug: support,
  unplug: support,
  note: z.string(),
  source: z.array(text).min(1),
  origin: z.enum(['seed', 'extended']),
  evidence: z.enum(MATRIX_EVIDENCE),
  limited_by: text.optional(),
  max_sockets: z.int().min(1).nullable().optional(),
  max_sockets_by_edition: z.record(text, z.int().min(1)).optional(),
  seed: z
    .strictObject({
      row: z.int(),
      os: text,
      version: z.string(),
      arch: text,
      plug: text,
      unplug: text,
    })
    .optional(),
  later: z.strictObject({ plug: support, unplug: support, source: z.array(text).min(1) }).optional(),
})

/** `matrix.json`: the rows, what the emulated machines allow, notes and the list of sources. */
export const MatrixFile = z.object({
  title: text,
  updated: z.iso.date(),
  platforms: z.array(
    z.strictObject({
      arch: text,
      machines: text,
      plug: z.enum(['+', '-']),
      unplug: z.enum(['+', '-']),
      granularity: z.string().nullable(),
      note: z.string(),
      source: z.array(text).min(1),
      checked_with: text,
    }),
  ),
  notes: z.array(
    z.strictObject({
      id: text,
      applies_to: text,
      text,
      example: z.string().optional(),
      source: z.array(text).min(1),
    }),
  ),
  sources: z.array(z.strictObject({ id: text, title: text, where: text })),
  rows: z.array(FileRow).min(1),
})
export type MatrixFile = z.infer<typeof MatrixFile>

function versionMatchOf(match: z.infer<typeof VersionMatch>): MatrixRow['version'] {
  if (match.type !== 'range') return match
  const { type, min, below } = match
  return below === undefined ? { type, min } : { type, min, below }
}

export function matrixRowOf(row: z.infer<typeof FileRow>): MatrixRow {
  const {
    version_match: version,
    edition_match: edition,
    limited_by,
    max_sockets,
    max_sockets_by_edition,
    seed,
    later,
    ...rest
  } = row
  return {
    ...rest,
    version: versionMatchOf(version),
    edition,
    ...(limited_by !== undefined && { limitedBy: limited_by }),
    ...(typeof max_sockets === 'number' && { socketsMax: max_sockets }),
    ...(max_sockets_by_edition && { socketsMaxByEdition: max_sockets_by_edition }),
    ...(seed && { seed }),
    ...(later && { later }),
  }
}
