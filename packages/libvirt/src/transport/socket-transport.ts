import { connect as connectSocket, type NetConnectOpts, type Socket } from 'node:net'
import { ConnectionError } from '../errors/connection-error.ts'
import type { Transport, TransportHandlers } from './transport.ts'

/** One read of the socket takes up to this much; large replies come in few pieces. */
const READ_BUFFER_BYTES = 262_144
/** TCP's own probes start after this silence; they end a connection whose host has vanished. */
const TCP_KEEPALIVE_DELAY_MS = 30_000

type Address = { readonly path: string } | { readonly host: string; readonly port: number }

/**
 * Opens a UNIX or TCP socket. Bytes are read into one buffer that is used again and again (`onread`): no allocation and
 * no stream machinery lies between the kernel and the packet reader, which is what makes events fast.
 */
export async function openSocket(address: Address, signal: AbortSignal): Promise<Transport> {
  let handlers: TransportHandlers | null = null
  const onread = {
    buffer: Buffer.allocUnsafeSlow(READ_BUFFER_BYTES),
    callback(size: number, buffer: Uint8Array): boolean {
      // Node hands back the Buffer it was given. A daemon never speaks first, so nothing arrives before `start`.
      handlers?.data(buffer as Buffer, 0, size)
      return true
    },
  }
  const options: NetConnectOpts = {
    ...address,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: TCP_KEEPALIVE_DELAY_MS,
    onread,
  }
  const socket = connectSocket(options)
  const description = 'path' in address ? address.path : `${address.host}:${address.port}`
  await opened(socket, description, signal)
  let gathering = false
  const sendGathered = (): void => {
    gathering = false
    socket.uncork()
  }

  return {
    description,
    confidential: 'path' in address,
    start(given) {
      handlers = given
      let failure: Error | null = null
      socket.on('error', (error) => {
        failure = error
      })
      socket.once('end', () => socket.destroy())
      socket.once('close', () => given.closed(failure))
      if (socket.destroyed) queueMicrotask(() => given.closed(socket.errored))
    },
    write(packet) {
      // Calls that are made together go out in one write of the system, and come as one read.
      if (!gathering) {
        gathering = true
        socket.cork()
        process.nextTick(sendGathered)
      }
      socket.write(packet)
    },
    destroy: () => void socket.destroy(),
  }
}

async function opened(socket: Socket, description: string, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const abort = (): void => {
      socket.destroy()
      reject(signal.reason)
    }
    const fail = (error: Error): void => {
      signal.removeEventListener('abort', abort)
      reject(
        new ConnectionError('transport', `cannot connect to ${description}: ${error.message}`, {
          cause: error,
        }),
      )
    }
    socket.once('error', fail)
    socket.once('connect', () => {
      socket.off('error', fail)
      signal.removeEventListener('abort', abort)
      resolve()
    })
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  })
}
