import type { Actor } from '@coreshift/shared/contract'
import type { SessionOrigin } from './sessions.ts'

/** The request in which somebody proves who they are. */
export interface SignInContext extends SessionOrigin {
  readonly requestId?: string | undefined
}

/** Longest name that is stored of what somebody typed into the name field. */
const TYPED_NAME_MAX = 64

/** Somebody who says to have this name. */
export function personNamed(name: string, { address }: SignInContext): Actor {
  const known = name.length <= TYPED_NAME_MAX ? name : `${name.slice(0, TYPED_NAME_MAX)}…`
  return { kind: 'user', name: known, ...(address === undefined ? {} : { address }) }
}
