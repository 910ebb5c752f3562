import { AuthType } from '../constants.ts'
import type { CallOptions, RpcSession } from '../connection/rpc-session.ts'
import { ConnectionError } from '../errors/connection-error.ts'
import { authList, authPolkit } from '../procedures/auth.ts'

/**
 * Does what the daemon asks for before a connection may be opened. The list is always fetched: for root on a socket with
 * polkit this call alone lifts the requirement (9.0.0).
 */
export async function authenticate(session: RpcSession, options: CallOptions): Promise<void> {
  const { types } = await session.call(authList, {}, options)
  if (types.length === 0 || types.includes(AuthType.NONE)) return
  if (types.includes(AuthType.POLKIT)) {
    await session.call(authPolkit, {}, options)
    return
  }
  throw new ConnectionError(
    'auth',
    `the daemon asks for authentication ${types.join(', ')}, of which none is known here`,
  )
}
