import { createHash } from 'node:crypto'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { NEW_HOST, type HostKind } from './host-kind.ts'

/** Where everything of one of the kit's hosts lies; the lock, kernels and boot files serve all of them. All paths are absolute paths on the machine. */
export interface Layout {
  /** The one folder that holds everything the kit makes. */
  readonly dir: string
  /** Which of the kit's hosts this is. */
  readonly kind: HostKind
  /** The Debian system in which libvirtd and QEMU run. */
  readonly root: string
  /** Kernels, busybox, modules and agent files, as unpacked from Debian's packages. */
  readonly kernels: string
  /** Boot files made from them; seen as `/guests` inside. */
  readonly guests: string
  /** One serial console log per guest, `NAME.log`; seen as `/consoles` inside. */
  readonly consoles: string
  /** Logs of builds and of the first process. */
  readonly logs: string
  /** Package lists of the private package manager. */
  readonly aptState: string
  /** Held by whoever changes anything here. */
  readonly lockFile: string
  /** Which process is the first one of the running host. */
  readonly runRecord: string
  /** libvirt's read-write socket, reachable from outside. */
  readonly socketPath: string
  /** The URI with which a libvirt client reaches that socket. */
  readonly uri: string
}

/** Linux allows 108 bytes in `sun_path`, the closing zero included (unix(7)). */
const SOCKET_PATH_MAX_BYTES = 107

/** The kit's folder: `CORESHIFT_REAL_DIR`, else `coreshift/real-host` in the user's cache folder. */
export function realHostDir(env: NodeJS.ProcessEnv = process.env): string {
  const named = env['CORESHIFT_REAL_DIR']
  if (named !== undefined && named !== '') return resolve(named)
  const cache = env['XDG_CACHE_HOME']
  const base = cache !== undefined && cache !== '' ? cache : join(homedir(), '.cache')
  return join(resolve(base), 'coreshift', 'real-host')
}

/**
 * The layout of one of the kit's hosts below `dir`.
 * @throws Error when the folder's name is so long that no socket can be opened in it.
 */
export function layoutOf(dir: string, kind: HostKind = NEW_HOST): Layout {
  const root = join(dir, kind.rootName)
  const socketPath = join(root, 'run', 'libvirt', 'libvirt-sock')
  if (Buffer.byteLength(socketPath) > SOCKET_PATH_MAX_BYTES) {
    throw new Error(
      `the socket's path ${socketPath} is longer than ${SOCKET_PATH_MAX_BYTES} bytes: ` +
        'name a folder with a shorter path in CORESHIFT_REAL_DIR',
    )
  }
  return {
    dir,
    kind,
    root,
    kernels: join(dir, 'kernels'),
    guests: join(dir, 'guests'),
    consoles: join(dir, `${kind.prefix}consoles`),
    logs: join(dir, `${kind.prefix}logs`),
    aptState: join(dir, 'apt'),
    lockFile: join(dir, 'lock'),
    runRecord: join(dir, `${kind.prefix}running.json`),
    socketPath,
    uri: `qemu+unix:///system?socket=${socketPath}`,
  }
}

/** A UUID that is always the same for the same text, so that hosts and guests keep their identity. */
export function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16)
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-')
}
