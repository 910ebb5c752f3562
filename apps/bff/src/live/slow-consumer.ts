import type { Socket } from 'socket.io'

/** What waits for one connection before it is cut off. The network's own buffers come on top. */
const BACKLOG_MAX_PACKETS = 256
export const BACKLOG_MAX_BYTES = 8 * 1024 * 1024

/** WebSocket close code of our own (RFC 6455, 7.4.2: 4000 to 4999); the reason is in the close frame. */
export const CUT_OFF_CODE = 4_008

type Connection = Socket['conn']

/**
 * Counts what has been given to a connection and not been taken by the network yet. engine.io queues without an
 * end; one viewer that does not read would take all memory.
 * @returns how many packets wait
 */
export function watchBacklog(connection: Connection, onTooMuch: () => void): () => number {
  let packets = 0
  let bytes = 0
  connection.on('packetCreate', (packet: unknown) => {
    packets += 1
    bytes += sizeOf(packet)
    if (packets > BACKLOG_MAX_PACKETS || bytes > BACKLOG_MAX_BYTES) onTooMuch()
  })
  // engine.io hands everything queued to the network at once, and only when the network took what came before.
  connection.on('flush', () => {
    packets = 0
    bytes = 0
  })
  return () => packets
}

function sizeOf(packet: unknown): number {
  const data = typeof packet === 'object' && packet !== null && 'data' in packet ? packet.data : undefined
  return typeof data === 'string' ? data.length : 0
}

/** Closes at once and drops what was queued. */
export function cutOff(connection: Connection, reason: string): void {
  const { transport } = connection
  const webSocket: unknown = 'socket' in transport ? transport.socket : undefined
  if (hasClose(webSocket)) webSocket.close(CUT_OFF_CODE, reason)
  connection.close(true)
}

function hasClose(value: unknown): value is { close(code: number, reason: string): void } {
  return typeof value === 'object' && value !== null && 'close' in value && typeof value.close === 'function'
}
