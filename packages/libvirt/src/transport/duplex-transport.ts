import type { Duplex } from 'node:stream'
import type { Transport, TransportHandlers } from './transport.ts'

interface DuplexTransportOptions {
  readonly description: string
  readonly confidential: boolean
  /** Hand over the next packet only when the stream has taken the one before, so that it cannot put them together. */
  readonly onePacketPerWrite?: boolean
}

/** A transport over any Node stream: TLS sockets, in-memory pairs. */
export function duplexTransport(
  stream: Duplex,
  { description, confidential, onePacketPerWrite = false }: DuplexTransportOptions,
): Transport {
  const waiting: Buffer[] = []
  let writing = false
  const writeNext = (): void => {
    const packet = waiting.shift()
    writing = packet !== undefined
    if (packet === undefined) return
    stream.write(packet, writeNext)
  }
  return {
    description,
    confidential,
    start(handlers: TransportHandlers): void {
      let failure: Error | null = null
      stream.on('data', (chunk: Buffer) => handlers.data(chunk, 0, chunk.length))
      stream.on('error', (error: Error) => {
        failure = error
      })
      // The other side has finished: there is no libvirt without both directions.
      stream.once('end', () => stream.destroy())
      stream.once('close', () => handlers.closed(failure))
      if (stream.destroyed) queueMicrotask(() => handlers.closed(stream.errored ?? null))
    },
    write(packet) {
      if (!onePacketPerWrite) {
        stream.write(packet)
        return
      }
      waiting.push(packet)
      if (!writing) writeNext()
    },
    destroy: () => void stream.destroy(),
  }
}
