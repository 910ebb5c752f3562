import { AuthType } from '../constants.ts'
import type { RpcSession, SessionCallOptions } from '../connection/rpc-session.ts'
import { ConnectionError } from '../errors/connection-error.ts'
import { authList, authPolkit } from '../procedures/auth.ts'
import { authenticateSasl, type CredentialSource } from './sasl.ts'

export interface AuthenticationOptions {
  /** For SASL. */
  readonly credentials: CredentialSource | undefined
  /** Whether a password may be sent readable inside the transport. */
  readonly confidential: boolean
}

/**
 * Does what the daemon asks for before a connection may be opened. The list is always fetched: for root on a socket with
 * polkit this call alone lifts the requirement (9.0.0).
 */
export async function authenticate(
  session: RpcSession,
  { credentials, confidential }: AuthenticationOptions,
  call: SessionCallOptions,
): Promise<void> {
  const { types } = await session.call(authList, {}, call)
  if (types.length === 0 || types.includes(AuthType.NONE)) return
  if (types.includes(AuthType.SASL)) {
    await authenticateSasl(session, credentials, confidential, call)
    return
  }
  if (types.includes(AuthType.POLKIT)) {
    const { complete } = await session.call(authPolkit, {}, call)
    if (complete !== 1) throw new ConnectionError('auth', 'polkit did not let this process in')
    return
  }
  throw new ConnectionError(
    'auth',
    `the daemon asks for authentication of type ${types.join(', ')}; none (0), SASL (1) and polkit (2) are known here`,
  )
}
