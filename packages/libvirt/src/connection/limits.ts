import { PACKET_BYTES_MAX } from '../rpc/packet.ts'

/** Every bound of a connection, by name; all can be set in `ConnectOptions`. */
export interface ConnectionLimits {
  /** Calls the daemon works on at once. libvirtd reads no further than its `max_client_requests`, 5 by default. */
  readonly maxInFlight: number
  /** Calls that may wait for their turn; one more is refused with kind `limit`. */
  readonly maxQueuedCalls: number
  /** Longest packet taken from the daemon, in bytes; libvirt's own limit by default. */
  readonly maxPacketBytes: number
  /** Events that came before the reply of their registration, at most. */
  readonly maxUnclaimedEvents: number
  /** Time for a call without `timeoutMs`, waiting for its turn included; `unbounded` procedures have none. */
  readonly callTimeoutMs: number
  /**
   * Time after which the connection ends with kind `stuck` when every call in flight was given up and there is room for no
   * other: what waits behind them would wait for ever.
   */
  readonly stuckAfterMs: number
  /** Time for the daemon to answer `close()`, before the socket is cut. */
  readonly closeTimeoutMs: number
}

export const DEFAULT_LIMITS: ConnectionLimits = {
  maxInFlight: 5,
  maxQueuedCalls: 1024,
  maxPacketBytes: PACKET_BYTES_MAX,
  maxUnclaimedEvents: 1024,
  // libvirt itself gives up after 30 s where another job holds the domain; the rest is for the queue in front.
  callTimeoutMs: 90_000,
  stuckAfterMs: 10_000,
  closeTimeoutMs: 2000,
}
