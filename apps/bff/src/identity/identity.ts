import type { AccessLimit, Actor, Role } from '@coreshift/shared/contract'

/** Who is asking: a signed-in person or a program with a token. */
export interface Identity {
  readonly kind: 'user' | 'token'
  /** Id of the account or of the token. */
  readonly id: string
  readonly name: string
  readonly role: Role
  /** The part of the fleet for which the role is good; absent: all of it. */
  readonly limitedTo?: AccessLimit
  /** Signs in with a password alone. */
  readonly passwordOnly?: true
  /** Has to enrol an authenticator before anything else. */
  readonly mustEnrol?: true
  /** Id of the session; tokens have none. */
  readonly sessionId?: string
  /** ISO instant at which it ends by itself. */
  readonly expiresAt?: string
}

/** The part of the world's identities that has ended: whoever acts under it has to stop. */
export type IdentityEnd =
  | { readonly kind: 'session'; readonly id: string }
  | { readonly kind: 'token'; readonly id: string }
  /** All sessions of an account: removed, disabled, another role or limit, another password or second step. */
  | {
      readonly kind: 'user'
      readonly id: string
      /** Id of the session that goes on: its owner set the new password there. */
      readonly keptSession?: string
    }
  /** Everybody with a password alone: an administrator requires more now. */
  | { readonly kind: 'password-only' }

export function isEndOf(end: IdentityEnd, identity: Identity): boolean {
  switch (end.kind) {
    case 'session':
      return identity.sessionId === end.id
    case 'token':
      return identity.kind === 'token' && identity.id === end.id
    case 'user':
      return (
        identity.kind === 'user' &&
        identity.id === end.id &&
        (end.keptSession === undefined || identity.sessionId !== end.keptSession)
      )
    case 'password-only':
      return identity.passwordOnly === true
  }
}

/** The same identity as the audit names it. */
export function actorOf(identity: Identity, address?: string): Actor {
  return { kind: identity.kind, name: identity.name, ...(address === undefined ? {} : { address }) }
}
