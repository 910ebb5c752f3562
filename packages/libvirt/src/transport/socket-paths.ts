import { access } from 'node:fs/promises'
import { isSession, type LibvirtUri } from './uri.ts'

/** Sockets of the system daemons; clients use the /var/run spelling. */
const SYSTEM_FOLDER = '/var/run/libvirt'

/** What the choice of a socket depends on besides the URI. */
interface SocketSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly exists: (path: string) => Promise<boolean>
}

export const realSurroundings: SocketSurroundings = {
  env: process.env,
  async exists(path) {
    try {
      await access(path)
      return true
    } catch {
      // Not reachable is as good as not there: the next candidate is tried, and opening it tells what is wrong.
      return false
    }
  },
}

/**
 * The UNIX socket for a URI: `socket=`, else the modular daemon's where it exists (or with `mode=direct`), else
 * libvirtd's. Read-only connections to system daemons have sockets of their own; session daemons have none.
 */
export async function unixSocketPath(
  uri: LibvirtUri,
  readOnly: boolean,
  { env, exists }: SocketSurroundings = realSurroundings,
): Promise<string> {
  if (uri.socket !== null) return uri.socket
  const session = isSession(uri)
  const suffix = readOnly && !session ? '-ro' : ''
  const folder = session ? sessionFolder(env) : SYSTEM_FOLDER
  const legacy = `${folder}/libvirt-sock${suffix}`
  // The test driver has no daemon of its own.
  if (uri.mode === 'legacy' || uri.driver === 'test') return legacy
  const direct = `${folder}/virt${uri.driver}d-sock${suffix}`
  if (uri.mode === 'direct') return direct
  return (await exists(direct)) ? direct : legacy
}

function sessionFolder(env: Readonly<Record<string, string | undefined>>): string {
  const runtime = env['XDG_RUNTIME_DIR']
  if (runtime !== undefined && runtime !== '') return `${runtime}/libvirt`
  const cache = env['XDG_CACHE_HOME']
  return cache !== undefined && cache !== '' ? `${cache}/libvirt` : `${env['HOME'] ?? ''}/.cache/libvirt`
}
