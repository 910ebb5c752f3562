import { homedir } from 'node:os'
import type { Duplex } from 'node:stream'
import { duplexTransport } from './duplex-transport.ts'
import { realSurroundings, unixSocketPath } from './socket-paths.ts'
import { openSocket } from './socket-transport.ts'
import { sshCommand } from './ssh-command.ts'
import { openSsh } from './ssh-transport.ts'
import { readTlsMaterial, type TlsMaterial, tlsPaths } from './tls-files.ts'
import { openTls } from './tls-transport.ts'
import type { Transport } from './transport.ts'
import type { LibvirtUri } from './uri.ts'

/** libvirtd's ports: without TLS, and with. */
const TCP_PORT = 16_509
const TLS_PORT = 16_514

export interface TransportOptions {
  readonly readOnly: boolean
  /** Takes the place of the URI's own transport: an in-memory pair, a tunnel of one's own. */
  readonly transport?: (() => Duplex | Promise<Duplex>) | undefined
  /** PEM certificates and key instead of the files in libvirt's folders or `pkipath=`. */
  readonly tls?: TlsMaterial | undefined
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
  const host = uri.host ?? 'localhost'
  switch (uri.transport) {
    case 'unix':
      return openSocket({ path: await unixSocketPath(uri, options.readOnly) }, signal)
    case 'tcp':
      return openSocket({ host, port: uri.port ?? TCP_PORT }, signal)
    case 'tls': {
      const target = { host, port: uri.port ?? TLS_PORT, verify: !uri.noVerify }
      return openTls(target, options.tls ?? (await ownMaterial(uri)), signal)
    }
    case 'ssh':
      return openSsh(sshCommand(uri, options.readOnly), `${host} (ssh)`)
  }
}

async function ownMaterial(uri: LibvirtUri): Promise<TlsMaterial> {
  const { exists } = realSurroundings
  const paths = await tlsPaths(uri, { home: homedir(), uid: process.getuid?.() ?? -1, exists })
  return readTlsMaterial(paths, !uri.noVerify)
}
