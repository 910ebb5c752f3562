import { parseArgs } from 'node:util'
import { AccessLimit, Role } from '@coreshift/shared/contract'
import { addUser, listUsers, resetTwoFactor, setPassword } from './admin/account-commands.ts'
import { verifyAudit, verifyExportFile } from './admin/audit-commands.ts'
import { backUp, restore } from './admin/backup-commands.ts'
import { commandLineActor } from './admin/command-line-actor.ts'
import { addHost, listHosts } from './admin/host-commands.ts'
import { rotateEncryptionKey } from './admin/key-commands.ts'
import type { StoreCommand } from './admin/store-command.ts'
import { createToken, listTokens } from './admin/token-commands.ts'
import { UsageError } from './admin/usage-error.ts'
import { ConfigError, readConfig, type Config } from './config.ts'
import { Failure } from './failure.ts'
import { openStore } from './open-store.ts'
import { NewerSchemaError } from './store/migrate.ts'
import { UnusableDatabaseError } from './store/sqlite-backup.ts'

const USAGE = `Usage: npm run admin -- COMMAND

  user add NAME --role admin|operator|viewer --password-stdin
  user password NAME --password-stdin
  user list
  user reset-two-factor NAME
  token create --name NAME --role admin|operator|viewer [--expires INSTANT]
    user add and token create: [--hosts ID,ID] [--vms PATTERN] limit viewer and operator to a part of the fleet
  token list
  host add NAME URI [--username NAME --password-stdin]
  host list
  audit verify [--checkpoints LOG [--key PUBLIC_KEY]]
  audit verify --export FILE.jsonl --checkpoints LOG --key PUBLIC_KEY
  key rotate
  backup FILE
  restore FILE

Works on the same data as the server, also while it runs. CORESHIFT_DATA and CORESHIFT_DATABASE_URL say where.
`

interface CommandLine {
  readonly words: readonly string[]
  readonly options: {
    readonly role?: string | undefined
    readonly name?: string | undefined
    readonly expires?: string | undefined
    readonly hosts?: string | undefined
    readonly vms?: string | undefined
    readonly username?: string | undefined
    readonly 'password-stdin'?: boolean | undefined
    readonly export?: string | undefined
    readonly checkpoints?: string | undefined
    readonly key?: string | undefined
  }
}

/** @returns exit code */
async function main(args: readonly string[]): Promise<number> {
  const { positionals: words, values: options } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      role: { type: 'string' },
      name: { type: 'string' },
      expires: { type: 'string' },
      hosts: { type: 'string' },
      vms: { type: 'string' },
      username: { type: 'string' },
      'password-stdin': { type: 'boolean' },
      export: { type: 'string' },
      checkpoints: { type: 'string' },
      key: { type: 'string' },
      help: { type: 'boolean' },
    },
  })
  if (options.help === true || words.length === 0) {
    process.stdout.write(USAGE)
    return options.help === true ? 0 : 2
  }
  const command = commandOf({ words, options })
  return command(readConfig(process.env, process.cwd()))
}

/** @returns exit code */
type Command = (config: Config) => Promise<number>

function withStore(command: StoreCommand): Command {
  return async (config) => {
    const store = await openStore(config, (message, cause) => {
      process.stderr.write(`${message}: ${String(cause)}\n`)
    })
    try {
      return await command(store)
    } finally {
      await store.close()
    }
  }
}

/** Checks the whole command line before the database is opened. */
function commandOf({ words, options }: CommandLine): Command {
  const [subject, verb, ...rest] = words
  // These two take a file name where the others have a verb.
  if (subject === 'backup') {
    const target = one(words.slice(1), 'FILE')
    return (config) => backUp(config, target)
  }
  if (subject === 'restore') {
    const source = one(words.slice(1), 'FILE')
    return (config) => restore(config, source, commandLineActor())
  }
  switch (`${subject ?? ''} ${verb ?? ''}`.trim()) {
    case 'user add':
      return withStore(
        addUser(one(rest, 'NAME'), roleOf(options.role), limitOf(options), options['password-stdin']),
      )
    case 'user password':
      return withStore(setPassword(one(rest, 'NAME'), options['password-stdin']))
    case 'user list':
      return withStore(listUsers)
    case 'user reset-two-factor':
      return withStore(resetTwoFactor(one(rest, 'NAME')))
    case 'token create':
      return withStore(
        createToken(given(options.name, '--name'), roleOf(options.role), limitOf(options), options.expires),
      )
    case 'token list':
      return withStore(listTokens)
    case 'host add':
      return withStore(addHost(rest, options.username, options['password-stdin']))
    case 'host list':
      return withStore(listHosts)
    case 'audit verify':
      return verifyCommand(options)
    case 'key rotate':
      return withStore((store) => rotateEncryptionKey(store, commandLineActor()))
    default:
      throw new UsageError(`There is no command "${words.join(' ')}".`)
  }
}

function verifyCommand(options: CommandLine['options']): Command {
  const { export: file } = options
  if (file !== undefined) return () => verifyExportFile(file, options)
  return withStore((store) => verifyAudit(store, options))
}

function one(rest: readonly string[], what: string): string {
  const [value, ...more] = rest
  if (value === undefined || more.length > 0) throw new UsageError(`Here exactly one ${what} is expected.`)
  return value
}

function given(value: string | undefined, option: string): string {
  const trimmed = value?.trim() ?? ''
  if (trimmed === '' || trimmed.length > 100)
    throw new UsageError(`${option} is needed, with 100 characters at most.`)
  return trimmed
}

function limitOf({ hosts, vms }: CommandLine['options']): AccessLimit | undefined {
  if (hosts === undefined && vms === undefined) return undefined
  const limit = AccessLimit.safeParse({
    ...(hosts === undefined ? {} : { hosts: hosts.split(',').map((id) => id.trim()) }),
    ...(vms === undefined ? {} : { vmNames: vms }),
  })
  if (limit.success) return limit.data
  throw new UsageError(
    `--hosts or --vms cannot be used: ${limit.error.issues[0]?.message ?? 'see the usage'}.`,
  )
}

function roleOf(value: string | undefined): Role {
  const role = Role.safeParse(value)
  if (!role.success) throw new UsageError(`--role has to be one of ${Role.options.join(', ')}.`)
  return role.data
}

/** What the person at the keyboard needs; a stack only for what nobody foresaw. */
function explain(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}\n\n${USAGE}`
  if (
    error instanceof Failure ||
    error instanceof ConfigError ||
    error instanceof NewerSchemaError ||
    error instanceof UnusableDatabaseError
  ) {
    return `${error.message}\n`
  }
  if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')) {
    return `${error.message}\n\n${USAGE}`
  }
  return `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(explain(error))
  process.exitCode = error instanceof UsageError ? 2 : 1
}
