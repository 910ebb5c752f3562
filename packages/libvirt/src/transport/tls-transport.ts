import { isIP } from 'node:net'
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls'
import { ConnectionError } from '../errors/connection-error.ts'
import { duplexTransport } from './duplex-transport.ts'
import type { TlsMaterial } from './tls-files.ts'
import type { Transport } from './transport.ts'

/** TCP's own probes start after this silence. */
const TCP_KEEPALIVE_DELAY_MS = 30_000
/** What the server sends inside TLS, before any packet, once it has accepted our certificate. */
const ACCEPTED = 1

interface TlsTarget {
  readonly host: string
  readonly port: number
  /** Check the server's certificate against the CA and the host name. */
  readonly verify: boolean
}

/** Opens TLS and waits for the server's word that it accepted our certificate. */
export async function openTls(
  target: TlsTarget,
  material: TlsMaterial,
  signal: AbortSignal,
): Promise<Transport> {
  const { host, port, verify } = target
  const description = `${host}:${port} (TLS)`
  const options: ConnectionOptions = {
    host,
    port,
    ...material,
    minVersion: 'TLSv1.2',
    rejectUnauthorized: verify,
    ...(isIP(host) === 0 ? { servername: host } : {}),
  }
  const socket = connectTls(options)
  socket.setNoDelay(true)
  socket.setKeepAlive(true, TCP_KEEPALIVE_DELAY_MS)
  await accepted(socket, description, signal)
  // A daemon leaves the second packet of one TLS record unread until more bytes arrive, up to the next keepalive ping
  // five seconds later (12.8.0); Node puts writes that wait together into one record.
  return duplexTransport(socket, { description, confidential: verify, onePacketPerWrite: true })
}

async function accepted(socket: TLSSocket, description: string, signal: AbortSignal): Promise<void> {
  let secured = false
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const onSecure = (): void => {
    secured = true
  }
  const onReadable = (): void => {
    const first = socket.read(1) as Buffer | null
    if (first === null) return
    if (first[0] === ACCEPTED) resolve()
    else
      reject(
        new ConnectionError(
          'tls',
          `${description}: this is no libvirt daemon (it began with byte ${first[0]})`,
        ),
      )
  }
  const onError = (error: Error): void => {
    const code = 'code' in error ? String(error.code) : ''
    const kind = /^(ERR_SSL|ERR_TLS|CERT|DEPTH|SELF_SIGNED|UNABLE_TO|ERR_OSSL)/.test(code)
      ? 'tls'
      : 'transport'
    reject(new ConnectionError(kind, `${description}: ${error.message}`, { cause: error }))
  }
  const onClose = (): void => {
    // With TLS 1.3 a refused client certificate looks like a handshake that succeeded, then an end (9.0.0).
    reject(
      secured
        ? new ConnectionError(
            'tls',
            `${description}: the daemon refused our certificate, or wants one and got none`,
          )
        : new ConnectionError('tls', `${description}: the daemon ended the TLS handshake`),
    )
  }
  const onAbort = (): void => reject(signal.reason)
  socket.once('secureConnect', onSecure)
  socket.on('readable', onReadable)
  socket.once('error', onError)
  socket.once('close', onClose)
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  try {
    await promise
  } catch (error) {
    // An error after the first one has been told is of no interest, but must not become an uncaught exception.
    socket.on('error', () => undefined)
    socket.destroy()
    throw error
  } finally {
    signal.removeEventListener('abort', onAbort)
    socket.off('readable', onReadable)
    socket.off('error', onError)
    socket.off('close', onClose)
  }
}
