import { z } from 'zod'
import { Instant } from './primitives.ts'

export const HOST_STATES = ['connecting', 'connected', 'offline', 'removed'] as const

export const Host = z
  .object({
    id: z.string(),
    name: z.string(),
    uri: z.string().describe('libvirt URI, without secrets'),
    username: z
      .string()
      .optional()
      .describe('name for the daemon that asks for one; its password is never shown'),
    source: z.enum(['environment', 'local', 'page', 'demo']),
    demo: z.boolean().describe('true for a simulated host'),
    state: z.enum(HOST_STATES),
    since: Instant.describe('when the state began'),
    cause: z.string().optional().describe('why it is offline, in words'),
    hint: z.string().optional().describe('what would fix it'),
    nextAttemptAt: Instant.optional(),
    libvirtVersion: z.string().optional().describe('e.g. 12.8.0'),
    hypervisorVersion: z.string().optional().describe('QEMU, e.g. 11.1.3'),
    hostname: z.string().optional(),
    arch: z.string().optional(),
    cpus: z.int().optional().describe('host CPUs'),
    memoryKib: z.int().optional(),
    asyncUnplug: z
      .boolean()
      .optional()
      .describe('whether removals are confirmed by event (libvirt 12.4 and later) or by asking'),
    vms: z.int().optional(),
  })
  .meta({ id: 'Host' })
export type Host = z.infer<typeof Host>

/** For a daemon that asks for a name and a password (SASL). Kept encrypted, never shown. */
export const HostCredentials = z
  .object({ username: z.string().min(1).max(200), password: z.string().min(1).max(1000) })
  .strict()
  .meta({ id: 'HostCredentials' })
export type HostCredentials = z.infer<typeof HostCredentials>

export const HostInput = z
  .object({
    name: z
      .string()
      .trim()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'a name of letters, digits, dots, dashes and underscores'),
    uri: z
      .string()
      .trim()
      .min(1)
      .max(1000)
      .refine((uri) => !/^[^/]*:\/\/[^/@]*:[^/@]*@/.test(uri), {
        message: 'a password does not belong into the URI; send it as `credentials`',
      }),
    credentials: HostCredentials.optional(),
  })
  .meta({ id: 'HostInput' })
export type HostInput = z.infer<typeof HostInput>

export const HostPatch = z
  .object({
    credentials: HostCredentials.nullable().describe('null: the daemon is not told any from now on'),
  })
  .strict()
  .meta({ id: 'HostPatch' })
export type HostPatch = z.infer<typeof HostPatch>

export const HostTestResult = z
  .object({
    ok: z.boolean(),
    libvirtVersion: z.string().optional(),
    hypervisorVersion: z.string().optional(),
    asyncUnplug: z.boolean().optional(),
    vms: z.int().optional(),
    cause: z.string().optional(),
    hint: z.string().optional(),
  })
  .meta({ id: 'HostTestResult' })
export type HostTestResult = z.infer<typeof HostTestResult>

export const HostList = z
  .object({ items: z.array(Host), nextCursor: z.string().optional() })
  .meta({ id: 'HostList' })
export type HostList = z.infer<typeof HostList>
