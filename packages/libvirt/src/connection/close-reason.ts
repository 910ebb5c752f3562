/**
 * Why a connection is over.
 * - `local`: `close()` was called here
 * - `peer`: the daemon closed the socket (a restart looks like this)
 * - `keepalive`: the daemon did not answer any more
 * - `protocol`: the daemon sent what is no libvirt packet
 * - `transport`: the socket or the ssh process failed
 * - `limit`: one of this client's bounds was passed; the text names it
 * - `stuck`: nobody waits any more for any of the calls that the daemon works on, and it takes no other
 * - `hypervisor`: the daemon lost its own connection to the hypervisor
 * - `open`: the connection never came to be open
 */
export type CloseKind =
  'local' | 'peer' | 'keepalive' | 'protocol' | 'transport' | 'limit' | 'stuck' | 'hypervisor' | 'open'

/** Why a connection is over, as data. */
export interface CloseReason {
  readonly kind: CloseKind
  readonly message: string
  readonly error: Error | null
}
