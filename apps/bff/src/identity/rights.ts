import type { Role } from '@coreshift/shared/contract'
import type { Identity } from './identity.ts'

/** Everything that somebody may or may not do, with the lowest role that may. The one place that decides. */
export const LOWEST_ROLE = {
  'see-vms': 'viewer',
  'see-resizes': 'viewer',
  'see-hosts': 'viewer',
  'see-audit': 'viewer',
  'see-settings': 'viewer',
  'resize-vm': 'operator',
  'describe-vm': 'operator',
  'power-vm': 'operator',
  'set-guest-os': 'admin',
  'manage-hosts': 'admin',
  'manage-settings': 'admin',
  'manage-users': 'admin',
  'manage-tokens': 'admin',
} as const satisfies Readonly<Record<string, Role>>

export type Action = keyof typeof LOWEST_ROLE

const RANK: Readonly<Record<Role, number>> = { viewer: 1, operator: 2, admin: 3 }

/** Whether the identity may do this. */
export function can(identity: Identity, action: Action): boolean {
  return RANK[identity.role] >= RANK[LOWEST_ROLE[action]]
}

/** Why not, for a person. */
export function refusalOf(action: Action): string {
  const role = LOWEST_ROLE[action]
  const article = role === 'viewer' ? 'a' : 'an'
  return `This needs the role ${role}. Ask ${article} ${role === 'viewer' ? 'viewer' : 'administrator'} to do it or to give you the role.`
}
