import { z } from 'zod'
import type { Vm } from '@coreshift/shared/contract'
import { Failure } from '../failure.ts'

/** Request headers that routes know, by the name under which a call holds them. */
export const REQUEST_HEADERS = {
  ifMatch: {
    name: 'If-Match',
    schema: z
      .string()
      .max(200)
      .describe('the `ETag` of the VM as it was read; refused with 412 if it changed since'),
  },
  idempotencyKey: {
    name: 'Idempotency-Key',
    schema: z
      .string()
      .regex(/^[\x21-\x7E]{1,255}$/, '1 to 255 visible ASCII characters')
      .describe(
        'the same key and body return the same operation for 24 hours; another body is refused with 409',
      ),
  },
} as const
export type RequestHeader = keyof typeof REQUEST_HEADERS

/** The entity tag of a VM: its revision. */
export function vmTag({ rev }: Pick<Vm, 'rev'>): string {
  return `"${rev}"`
}

/**
 * Refuses what was decided on an older state of the VM.
 * @param ifMatch absent: nothing is asked
 * @throws Failure `stale-revision`
 */
export function requireMatch(ifMatch: string | undefined, vm: Pick<Vm, 'rev' | 'name'>): void {
  if (ifMatch === undefined || ifMatch.trim() === '*') return
  const tags = ifMatch.split(',').map((tag) => tag.trim())
  if (tags.includes(vmTag(vm))) return
  throw new Failure(
    'stale-revision',
    `${vm.name} changed since it was read: its ETag is ${vmTag(vm)} now, and If-Match asks for ${ifMatch}. Read it again.`,
  )
}
