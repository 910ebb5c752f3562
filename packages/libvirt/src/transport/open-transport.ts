import type { Duplex } from 'node:stream'
import { ConnectionError } from '../errors/connection-error.ts'
import { duplexTransport } from './duplex-transport.ts'
import { unixSocketPath } from './socket-paths.ts'
import { openSocket } from './socket-transport.ts'
import type { Transport } from './transport.ts'
import type { LibvirtUri } from './uri.ts'

/** libvirtd's port without TLS. */
const TCP_PORT = 16_509

export interface TransportOptions {
  readonly readOnly: boolean
  /** Takes the place of the URI's own transport: an in-memory pair, a tunnel of one's own. */
  readonly transport?: (() => Duplex | Promise<Duplex>) | undefined
}

/** Opens what the URI asks for. Throws ConnectionError. */
export async function openTransport(
  uri: LibvirtUri,
  options: TransportOptions,
  signal: AbortSignal,
): Promise<Transport> {
  if (options.transport !== undefined) {
    return duplexTransport(await options.transport(), { description: 'given stream', confidential: true })
  }
  switch (uri.transport) {
    case 'unix':
      return openSocket({ path: await unixSocketPath(uri, options.readOnly) }, signal)
    case 'tcp':
      return openSocket({ host: uri.host ?? 'localhost', port: uri.port ?? TCP_PORT }, signal)
    case 'tls':
    case 'ssh':
      throw new ConnectionError('uri', `transport +${uri.transport} is not supported`)
  }
}
