import type { DetectionRules } from '@coreshift/shared'
import { z } from 'zod'

const text = z.string().min(1)
const release = z.tuple([z.int(), text])
const byKind = <T extends z.ZodType>(value: T) => z.strictObject({ server: value, client: value })

/** `detection.json`: how libosinfo ids and guest agent fields become the keys of the matrix. */
export const DetectionFile = z.object({
  title: text,
  updated: z.iso.date(),
  architecture: z.object({
    map: z.array(z.strictObject({ values: z.array(z.string()), arch: text.nullable() })),
  }),
  libosinfo: z.object({
    patterns: z.array(
      z.strictObject({ pattern: text, os: text, version: z.string().nullable(), comment: text.optional() }),
    ),
    other_linux_vendors: z.array(text),
    entries: z.array(
      z.strictObject({ id: text, short_id: text, name: text, os: text, version: z.string().nullable() }),
    ),
  }),
  guest_agent: z.object({
    linux_rules: z.array(z.strictObject({ 'os.id': text, 'os.name_contains': text.optional(), os: text })),
    windows_rules: z.object({
      build_thresholds: byKind(z.array(release)),
      kernel_version: byKind(z.record(text, text)),
      edition: z.object({
        strip_marks: z.array(text),
        strip_prefix: text,
        map: z.array(z.strictObject({ match: text, edition: text })),
      }),
    }),
  }),
  examples: z.array(
    z.object({
      title: text,
      input: z.object({
        libosinfo: text.optional(),
        domain_arch: text,
        agent: z.record(text, z.string()).optional(),
      }),
      result: z.object({
        os: text,
        version: z.string().nullable(),
        edition: z.string().nullable(),
        arch: text,
        decided_by: z.enum(['guest agent', 'libosinfo']).nullable(),
      }),
      rows: z.array(text),
      plug: text,
      unplug: text,
    }),
  ),
})
export type DetectionFile = z.infer<typeof DetectionFile>

export function detectionRulesOf(file: DetectionFile): DetectionRules {
  const { libosinfo, guest_agent: agent } = file
  const { build_thresholds, kernel_version, edition } = agent.windows_rules
  return {
    libosinfo: {
      patterns: libosinfo.patterns,
      otherLinuxVendors: libosinfo.other_linux_vendors,
      entries: libosinfo.entries,
    },
    linux: agent.linux_rules.map((rule) => ({
      osId: rule['os.id'],
      os: rule.os,
      ...(rule['os.name_contains'] !== undefined && { nameContains: rule['os.name_contains'] }),
    })),
    windows: {
      buildThresholds: build_thresholds,
      kernelVersion: kernel_version,
      edition: {
        stripMarks: edition.strip_marks,
        stripPrefix: edition.strip_prefix,
        map: edition.map,
      },
    },
  }
}
