import { z } from 'zod'

/** Canonical lower-case UUID with dashes, as libvirt prints it. */
export const Uuid = z.uuid().describe('canonical lower-case UUID')

/** Instants are ISO 8601 strings in UTC with milliseconds. */
export const Instant = z.iso.datetime().describe('instant, ISO 8601 in UTC')

export const VcpuId = z.int().min(0).max(16_383).describe("libvirt's XML vCPU id")

export const Cursor = z.string().max(500).describe('opaque position from `nextCursor` of the page before')

export const PageLimit = z.coerce.number().int().min(1).max(1000).default(100)
