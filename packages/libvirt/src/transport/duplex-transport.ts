import type { Duplex } from 'node:stream'
import type { Transport, TransportHandlers } from './transport.ts'

/** A transport over any Node stream: TLS sockets, ssh pipes, in-memory pairs. */
export function duplexTransport(
  stream: Duplex,
  about: { readonly description: string; readonly confidential: boolean },
): Transport {
  return {
    ...about,
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
    write: (packet) => void stream.write(packet),
    get bufferedBytes() {
      return stream.writableLength
    },
    destroy: () => void stream.destroy(),
  }
}
