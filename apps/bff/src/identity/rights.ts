import type { Role } from '@coreshift/shared/contract'
import { Failure } from '../failure.ts'
import type { Identity } from './identity.ts'

/** Everything that somebody may or may not do, with the lowest role that may. The one place that decides. */
export const LOWEST_ROLE = {
  'see-vms': 'viewer',
  'see-resizes': 'viewer',
  'see-hosts': 'viewer',
  'see-audit': 'viewer',
  'see-settings': 'viewer',
  'see-guest-os-matrix': 'viewer',
  'resize-vm': 'operator',
  'describe-vm': 'operator',
  'prepare-vm': 'operator',
  'power-vm': 'operator',
  'steer-demo': 'operator',
  'set-guest-os': 'admin',
  'manage-hosts': 'admin',
  'manage-settings': 'admin',
  'manage-guest-os-matrix': 'admin',
  'manage-users': 'admin',
  'manage-tokens': 'admin',
} as const satisfies Readonly<Record<string, Role>>

export type Action = keyof typeof LOWEST_ROLE

const RANK: Readonly<Record<Role, number>> = { viewer: 1, operator: 2, admin: 3 }

/** Why the identity may not do this; undefined: it may. */
export function refusalOf(identity: Identity, action: Action): Failure | undefined {
  if (identity.mustEnrol) {
    return new Failure(
      'two-factor-required',
      'An administrator requires an authenticator for the sign-in. Set one up first; until then nothing else works.',
    )
  }
  if (RANK[identity.role] >= RANK[LOWEST_ROLE[action]]) return undefined
  const message = `This needs the role ${LOWEST_ROLE[action]}. Ask an administrator for it.`
  return new Failure('not-permitted', message, {
    reasons: [{ code: 'not-permitted', message, unlock: ['ask-operator'] }],
  })
}

/** @throws Failure when the identity may not do this */
export function requireRight(identity: Identity, action: Action): void {
  const refusal = refusalOf(identity, action)
  if (refusal) throw refusal
}
