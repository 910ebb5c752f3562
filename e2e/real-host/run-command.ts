import { spawn } from 'node:child_process'
import { appendFile, mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'

export interface CommandResult {
  readonly stdout: string
  readonly stderr: string
  /** Exit code; `null` for a command that a signal ended. */
  readonly code: number | null
}

export interface CommandOptions {
  readonly cwd?: string
  /** Replaces the whole environment; default: {@link quietEnvironment}. */
  readonly env?: NodeJS.ProcessEnv
  /** Written to the command's standard input, which is then closed. */
  readonly input?: string
  /** File to which output is appended too. */
  readonly logFile?: string
}

const LAST_LINES_SHOWN = 12

/** A command that ended with another code than 0; the message holds its last lines. */
export class CommandFailed extends Error {
  readonly result: CommandResult
  constructor(command: readonly string[], result: CommandResult) {
    const output = `${result.stdout}\n${result.stderr}`.trim().split('\n').slice(-LAST_LINES_SHOWN).join('\n')
    super(`${command.join(' ')} ended with code ${result.code ?? 'none (killed)'}:\n${output}`)
    this.name = 'CommandFailed'
    this.result = result
  }
}

/** What commands need and nothing of the caller's own: fixed language, no questions. */
export function quietEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const kept: NodeJS.ProcessEnv = {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    LC_ALL: 'C.UTF-8',
    HOME: '/root',
    DEBIAN_FRONTEND: 'noninteractive',
  }
  for (const name of ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY']) {
    const value = env[name]
    if (value !== undefined) kept[name] = value
  }
  return kept
}

/** Runs a command to its end and gives back what it said, whatever its exit code. */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const result = await new Promise<CommandResult>((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? quietEnvironment(),
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.on('error', reject)
    child.on('close', (code) => resolve({ stdout, stderr, code }))
    // A command that ends before it read its input closes the pipe; its exit code tells the rest.
    child.stdin.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') reject(error)
    })
    child.stdin.end(options.input ?? '')
  })
  if (options.logFile !== undefined) {
    await mkdir(dirname(options.logFile), { recursive: true })
    await appendFile(options.logFile, `$ ${command} ${args.join(' ')}\n${result.stdout}${result.stderr}\n`)
  }
  return result
}

/**
 * Runs a command that has to succeed and gives back its standard output.
 * @throws CommandFailed when it ends with another code than 0.
 */
export async function mustRun(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const result = await runCommand(command, args, options)
  if (result.code !== 0) throw new CommandFailed([command, ...args], result)
  return result.stdout
}
