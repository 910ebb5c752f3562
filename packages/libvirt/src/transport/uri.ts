import { ConnectionError } from '../errors/connection-error.ts'

/** How the bytes travel. */
export type TransportName = 'unix' | 'tcp' | 'tls' | 'ssh'
/** `auto`: the modular daemon's socket if it exists, else libvirtd's; `direct`/`legacy`: the one or the other. */
export type DaemonMode = 'auto' | 'legacy' | 'direct'
export type SshProxy = 'auto' | 'netcat' | 'native'

/** A connection URI taken apart as libvirt does: `driver[+transport]://[user@]host[:port]/path?parameters`. */
export interface LibvirtUri {
  readonly driver: string
  readonly transport: TransportName
  readonly user: string | null
  /** Without the brackets of an IPv6 address; `null` = this machine. */
  readonly host: string | null
  readonly port: number | null
  readonly path: string
  /** What the daemon is asked to open: the same without transport, host and the parameters below. */
  readonly daemonUri: string
  readonly socket: string | null
  readonly mode: DaemonMode
  readonly keyfile: string | null
  readonly knownHosts: string | null
  /** Do not check the server: its certificate (tls) or its host key (ssh). */
  readonly noVerify: boolean
  readonly noTty: boolean
  readonly command: string | null
  readonly netcat: string | null
  readonly proxy: SshProxy
  readonly pkipath: string | null
  readonly sshAuth: string | null
}

const TRANSPORTS: readonly TransportName[] = ['unix', 'tcp', 'tls', 'ssh']
const MODES: readonly DaemonMode[] = ['auto', 'legacy', 'direct']
const PROXIES: readonly SshProxy[] = ['auto', 'netcat', 'native']
/** Parameters for the client; all others go to the daemon (remote_driver.c). */
const OWN_PARAMETERS = new Set([
  'name',
  'socket',
  'mode',
  'keyfile',
  'known_hosts',
  'known_hosts_verify',
  'no_verify',
  'no_tty',
  'command',
  'netcat',
  'proxy',
  'pkipath',
  'sshauth',
  'auth',
  'tls_priority',
  'no_sanity',
])
const SHAPE =
  /^([a-z][a-z0-9]*)(?:\+([a-z0-9]+))?:\/\/(?:([^/?#@]*)@)?(\[[0-9a-fA-F:.%]+\]|[^/?#:@]*)(?::(\d+))?(\/[^?#]*)?(?:\?([^#]*))?$/i

/** Takes a URI apart. Throws ConnectionError of kind `uri` that says what is wrong and what would be right. */
export function parseLibvirtUri(text: string): LibvirtUri {
  const match = SHAPE.exec(text.trim())
  if (match === null) {
    throw uriError(
      text,
      'this is no libvirt URI; qemu:///system and qemu+ssh://user@host/system are examples',
    )
  }
  const [, driverText = '', transportText, userText, hostText = '', portText, path = '/', query = ''] = match
  const driver = driverText.toLowerCase()
  const host = hostText === '' ? null : decoded(text, hostText.replace(/^\[|\]$/g, ''))
  const transport = transportOf(text, transportText?.toLowerCase(), host)
  if (transport === 'unix' && host !== null) {
    throw uriError(text, 'a unix socket has no host: leave the host out, or use +ssh, +tls or +tcp')
  }
  if (transport !== 'unix' && host === null) throw uriError(text, `+${transport} needs a host`)
  const user = userText === undefined || userText === '' ? null : decoded(text, userText)
  for (const [what, value] of [
    ['host', host],
    ['user', user],
  ] as const) {
    if (value?.startsWith('-') === true) throw uriError(text, `the ${what} may not begin with "-"`)
  }
  const port = portText === undefined ? null : Number(portText)
  if (port !== null && (port < 1 || port > 65_535))
    throw uriError(text, `port ${port} is not between 1 and 65535`)

  const parameters = new Map<string, string>()
  const forDaemon: string[] = []
  for (const pair of query.split(/[&;]/)) {
    if (pair === '') continue
    const at = pair.indexOf('=')
    const name = decoded(text, at < 0 ? pair : pair.slice(0, at))
    parameters.set(name, at < 0 ? '' : decoded(text, pair.slice(at + 1)))
    if (!OWN_PARAMETERS.has(name)) forDaemon.push(pair)
  }
  const value = (name: string): string | null => parameters.get(name) ?? null
  const mode = value('mode') ?? 'auto'
  if (!isOneOf(MODES, mode)) throw uriError(text, `mode=${mode} is not one of ${MODES.join(', ')}`)
  const proxy = value('proxy') ?? 'auto'
  if (!isOneOf(PROXIES, proxy)) throw uriError(text, `proxy=${proxy} is not one of ${PROXIES.join(', ')}`)
  const socket = value('socket')
  if (socket !== null && !socket.startsWith('/')) throw uriError(text, 'socket= needs an absolute path')
  const daemonQuery = forDaemon.length === 0 ? '' : `?${forDaemon.join('&')}`
  return {
    driver,
    transport,
    user,
    host,
    port,
    path,
    daemonUri: value('name') ?? `${driver}://${path}${daemonQuery}`,
    socket,
    mode,
    keyfile: value('keyfile'),
    knownHosts: value('known_hosts'),
    noVerify: flag(text, 'no_verify', value('no_verify')),
    noTty: flag(text, 'no_tty', value('no_tty')),
    command: value('command'),
    netcat: value('netcat'),
    proxy,
    pkipath: value('pkipath'),
    sshAuth: value('sshauth'),
  }
}

/** Whether the URI names a session daemon of the user instead of the system's. */
export function isSession(uri: LibvirtUri): boolean {
  return uri.path === '/session'
}

function transportOf(text: string, given: string | undefined, host: string | null): TransportName {
  if (given === undefined) return host === null ? 'unix' : 'tls'
  if (isOneOf(TRANSPORTS, given)) return given
  throw uriError(text, `transport +${given} is not one of ${TRANSPORTS.join(', ')}`)
}

function flag(text: string, name: string, value: string | null): boolean {
  if (value === null || value === '0') return false
  if (value === '1') return true
  throw uriError(text, `${name} is 0 or 1, not ${JSON.stringify(value)}`)
}

function decoded(text: string, part: string): string {
  let plain: string
  try {
    plain = decodeURIComponent(part)
  } catch {
    throw uriError(text, `${JSON.stringify(part)} is not percent-encoded properly`)
  }
  if (plain.includes('\0')) throw uriError(text, 'a NUL character is not possible in a URI')
  return plain
}

function isOneOf<T extends string>(known: readonly T[], value: string): value is T {
  return known.some((each) => each === value)
}

function uriError(text: string, why: string): ConnectionError {
  return new ConnectionError('uri', `${text}: ${why}`)
}
