/**
 * Why a call or a connection ended without an answer of libvirt. After `closed`, `timeout` and `aborted` it is unknown
 * whether libvirt acted on a call that had been sent: look again, do not guess.
 *
 * - `closed`: the connection ended, or had ended before the call
 * - `timeout`: no answer in time
 * - `aborted`: the caller's AbortSignal
 * - `protocol`: the other side sent what is no libvirt packet
 * - `limit`: one of this client's own bounds; the text names it
 * - `auth`: no way to authenticate
 * - `tls`: certificates
 * - `transport`: the socket or the ssh process failed
 * - `uri`: the URI is wrong
 * - `argument`: an argument that cannot be sent
 */
export type ConnectionErrorKind =
  'closed' | 'timeout' | 'aborted' | 'protocol' | 'limit' | 'auth' | 'tls' | 'transport' | 'uri' | 'argument'

/** An error of the connection or of this client, as opposed to an answer of libvirt (`LibvirtError`). */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError'
  readonly kind: ConnectionErrorKind

  constructor(kind: ConnectionErrorKind, message: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
  }
}

/** Whether `error` is a ConnectionError, of this kind if one is given. */
export function isConnectionError(error: unknown, kind?: ConnectionErrorKind): error is ConnectionError {
  return error instanceof ConnectionError && (kind === undefined || error.kind === kind)
}
