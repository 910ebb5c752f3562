import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { HostInput } from '@coreshift/shared/contract'
import { readOidc, type OidcSettings } from './identity/oidc/oidc-environment.ts'

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export interface ListenAddress {
  readonly host: string
  /** 0 lets the operating system choose. */
  readonly port: number
}

interface ConfiguredHost {
  readonly name: string
  readonly uri: string
}

/** Everything the environment decides, validated once at the start. */
export interface Config {
  readonly listen: ListenAddress
  /** Absolute path of the folder for the database and the secret key. */
  readonly dataDirectory: string
  /** PostgreSQL; absent: SQLite in the data folder. */
  readonly databaseUrl?: string
  readonly hosts: readonly ConfiguredHost[]
  /** `undefined`: a demo host only when there is no other. */
  readonly demo: boolean | undefined
  /** Origin under which browsers reach the product, e.g. `https://coreshift.example.org`. */
  readonly publicOrigin?: string
  /** Absent: people sign in with a password only. */
  readonly oidc?: OidcSettings
  readonly logLevel: LogLevel
  /** Absolute path of the folder with `before-resize` and `after-resize`; absent: no hooks. */
  readonly hooksFolder?: string
  /** Where signed checkpoints of the audit go. */
  readonly checkpoints: CheckpointTarget
}

export type CheckpointTarget =
  | { readonly kind: 'stdout' }
  | { readonly kind: 'syslog'; readonly host: string; readonly port: number }
  | { readonly kind: 'none' }

/** The environment is not usable; `problems` holds one sentence per mistake. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`The configuration is not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`)
    this.problems = problems
  }
}

const DEFAULT_LISTEN = '127.0.0.1:8730'
const DEFAULT_DATA = './data'

/** Port of syslog over UDP (RFC 5426). */
const SYSLOG_PORT = 514

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads `CORESHIFT_*`.
 * @param startDirectory relative paths are resolved against it: the folder the product was started in.
 * @throws ConfigError with every problem, not only the first.
 */
export function readConfig(env: Environment, startDirectory: string): Config {
  const problems: string[] = []
  const read = (name: string): string | undefined => {
    const value = env[name]?.trim()
    return value === undefined || value === '' ? undefined : value
  }
  const listen = parseListen(read('CORESHIFT_LISTEN') ?? DEFAULT_LISTEN, problems)
  const databaseUrl = parseDatabaseUrl(read('CORESHIFT_DATABASE_URL'), problems)
  const publicOrigin = parsePublicUrl(read('CORESHIFT_PUBLIC_URL'), problems)
  const hooks = read('CORESHIFT_HOOKS')
  const oidc = readOidc({ read, readFile: (path) => readFileSync(path, 'utf8'), problems })
  const config: Config = {
    listen,
    dataDirectory: resolve(startDirectory, read('CORESHIFT_DATA') ?? DEFAULT_DATA),
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    hosts: parseHosts(read('CORESHIFT_HOSTS'), problems),
    demo: parseDemo(read('CORESHIFT_DEMO'), problems),
    ...(publicOrigin === undefined ? {} : { publicOrigin }),
    ...(hooks === undefined ? {} : { hooksFolder: resolve(startDirectory, hooks) }),
    ...(oidc === undefined ? {} : { oidc }),
    logLevel: parseLogLevel(read('CORESHIFT_LOG_LEVEL'), problems),
    checkpoints: parseCheckpoints(read('CORESHIFT_AUDIT_CHECKPOINTS'), problems),
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return Object.freeze(config)
}

function parseListen(text: string, problems: string[]): ListenAddress {
  const match = /^(?:\[(?<v6>[0-9a-fA-F:.]+)\]|(?<name>[^:[\]\s]*)):(?<port>\d{1,5})$/.exec(text)
  const port = Number(match?.groups?.['port'])
  if (!match || port > 65_535) {
    problems.push(
      `CORESHIFT_LISTEN is "${text}"; it has to be address:port, e.g. ${DEFAULT_LISTEN} or [::1]:8730, with a port from 0 to 65535`,
    )
    return { host: '127.0.0.1', port: 0 }
  }
  const host = match.groups?.['v6'] ?? match.groups?.['name'] ?? ''
  return { host: host === '' || host === '*' ? '0.0.0.0' : host, port }
}

function parseDatabaseUrl(text: string | undefined, problems: string[]): string | undefined {
  if (text === undefined) return undefined
  if (!/^postgres(ql)?:\/\//.test(text) || !URL.canParse(text)) {
    // The value may hold a password: it is not repeated.
    problems.push(
      'CORESHIFT_DATABASE_URL is not a PostgreSQL address; it has to look like postgresql://user:password@host:5432/database',
    )
    return undefined
  }
  return text
}

function parsePublicUrl(text: string | undefined, problems: string[]): string | undefined {
  if (text === undefined) return undefined
  const url = URL.parse(text)
  const usable =
    url !== null &&
    (url.protocol === 'http:' || url.protocol === 'https:') &&
    url.pathname === '/' &&
    url.search === '' &&
    url.hash === '' &&
    url.username === ''
  if (!usable) {
    problems.push(
      `CORESHIFT_PUBLIC_URL is "${text}"; it has to be the address in the browser without a path, e.g. https://coreshift.example.org`,
    )
    return undefined
  }
  return url.origin
}

function parseHosts(text: string | undefined, problems: string[]): ConfiguredHost[] {
  if (text === undefined) return []
  const hosts: ConfiguredHost[] = []
  for (const part of text
    .split(';')
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '')) {
    const at = part.indexOf('=')
    const parsed = HostInput.safeParse({ name: part.slice(0, Math.max(at, 0)), uri: part.slice(at + 1) })
    if (at < 1 || !parsed.success) {
      problems.push(
        `CORESHIFT_HOSTS has the part "${part}"; each part has to be name=libvirt-URI, parts separated by semicolons, e.g. rack1=qemu:///system`,
      )
      continue
    }
    if (hosts.some((host) => host.name === parsed.data.name)) {
      problems.push(`CORESHIFT_HOSTS names "${parsed.data.name}" twice; every host needs its own name`)
      continue
    }
    hosts.push(Object.freeze(parsed.data))
  }
  return hosts
}

function parseDemo(text: string | undefined, problems: string[]): boolean | undefined {
  if (text === undefined) return undefined
  if (text === '1') return true
  if (text === '0') return false
  problems.push(
    `CORESHIFT_DEMO is "${text}"; it has to be 1 (with demo host), 0 (without) or unset (when there is no other host)`,
  )
  return undefined
}

function parseLogLevel(text: string | undefined, problems: string[]): LogLevel {
  if (text === undefined) return 'info'
  const level = LOG_LEVELS.find((known) => known === text)
  if (level === undefined) {
    problems.push(`CORESHIFT_LOG_LEVEL is "${text}"; it has to be one of ${LOG_LEVELS.join(', ')}`)
  }
  return level ?? 'info'
}

function parseCheckpoints(text: string | undefined, problems: string[]): CheckpointTarget {
  if (text === undefined || text === 'stdout') return { kind: 'stdout' }
  if (text === 'none') return { kind: 'none' }
  const url = URL.parse(text)
  if (url?.protocol === 'syslog:' && url.hostname !== '') {
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
    return { kind: 'syslog', host, port: url.port === '' ? SYSLOG_PORT : Number(url.port) }
  }
  problems.push(
    `CORESHIFT_AUDIT_CHECKPOINTS is "${text}"; it has to be stdout, none or syslog://address[:port] (UDP)`,
  )
  return { kind: 'none' }
}
