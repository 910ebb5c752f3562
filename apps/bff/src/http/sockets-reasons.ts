import type { z } from 'zod'
import type { Reason } from '@coreshift/shared/contract'

/**
 * The refusal code that goes with a number of sockets which is none: a program need not read the text, and gets the
 * same codes for 1.5 as for a value that only the VM's state forbids.
 */
export function socketsReasons(issues: readonly z.core.$ZodIssue[]): Reason[] {
  const issue = issues.find(({ path }) => path[0] === 'sockets')
  switch (issue?.code) {
    case 'invalid_type':
      return [{ code: 'not-a-whole-socket', message: 'Sockets come whole; send a whole number.' }]
    case 'too_small':
      return [{ code: 'below-minimum', message: 'There are no fewer than no sockets.' }]
    case 'too_big':
      return [{ code: 'above-maximum', message: 'No VM has that many sockets.' }]
    default:
      return []
  }
}
