/** What a connection wants to hear from its transport. */
export interface TransportHandlers {
  /** Bytes arrived in `bytes[start, end)`. The memory is lent until the call returns. */
  data(bytes: Buffer, start: number, end: number): void
  /** The stream is over; called once. `error` is `null` after an orderly end. */
  closed(error: Error | null): void
}

/** A byte stream to a daemon: the only thing that a connection knows of sockets, TLS and ssh. */
export interface Transport {
  /** Starts delivering. Nothing is delivered before. */
  start(handlers: TransportHandlers): void
  /** Takes one whole packet; the memory must not be changed afterwards. */
  write(packet: Buffer): void
  /** Ends at once; `closed` follows. */
  destroy(): void
  /** Whether nobody on the way can read along: a local socket, TLS with a checked certificate, ssh. */
  readonly confidential: boolean
  /** For messages: where this leads, without secrets. */
  readonly description: string
}
