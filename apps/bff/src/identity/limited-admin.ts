import type { AccessLimit, Role } from '@coreshift/shared/contract'
import { Failure } from '../failure.ts'

/**
 * Who administers accounts and hosts could lift every limit, the own one first.
 * @throws Failure `invalid-request`
 */
export function refuseLimitedAdmin(role: Role, limitedTo: AccessLimit | undefined): void {
  if (role !== 'admin' || limitedTo === undefined) return
  const message =
    'an admin cannot be limited to a part of the fleet; choose viewer or operator, or lift the limit'
  throw new Failure('invalid-request', `The role does not fit: ${message}.`, {
    issues: [{ path: 'limitedTo', message }],
  })
}
