import type { Actor, Role } from '@coreshift/shared/contract'

/** Who is asking: a signed-in person or a program with a token. */
export interface Identity {
  readonly kind: 'user' | 'token'
  /** Id of the account or of the token. */
  readonly id: string
  readonly name: string
  readonly role: Role
  /** Id of the session; tokens have none. */
  readonly sessionId?: string
  /** ISO instant at which it ends by itself. */
  readonly expiresAt?: string
}

/** The part of the world's identities that has ended: whoever acts under it has to stop. */
export type IdentityEnd =
  | { readonly kind: 'session'; readonly id: string }
  | { readonly kind: 'token'; readonly id: string }
  /** All sessions of an account: removed, disabled, another role, another password. */
  | { readonly kind: 'user'; readonly id: string }

export function isEndOf(end: IdentityEnd, identity: Identity): boolean {
  switch (end.kind) {
    case 'session':
      return identity.sessionId === end.id
    case 'token':
      return identity.kind === 'token' && identity.id === end.id
    case 'user':
      return identity.kind === 'user' && identity.id === end.id
  }
}

/** The same identity as the audit names it. */
export function actorOf(identity: Identity, address?: string): Actor {
  return { kind: identity.kind, name: identity.name, ...(address === undefined ? {} : { address }) }
}
