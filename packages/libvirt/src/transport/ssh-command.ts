import { ConnectionError } from '../errors/connection-error.ts'
import { isSession, type LibvirtUri } from './uri.ts'

/** A program with its arguments, as `spawn` takes them: no shell on this side. */
export interface SshCommand {
  readonly file: string
  readonly args: readonly string[]
}

const SYSTEM_SOCKET = '/var/run/libvirt/libvirt-sock'

/**
 * The ssh command for a URI. On the other side a small `sh` script runs virt-ssh-helper, which finds the right daemon
 * itself, or else netcat on the daemon's socket (`proxy=` chooses). Everything from the URI is quoted for that shell.
 */
export function sshCommand(uri: LibvirtUri, readOnly: boolean): SshCommand {
  if (uri.host === null) throw new ConnectionError('uri', 'ssh needs a host')
  const args = ['-T', '-e', 'none']
  if (uri.noTty) args.push('-o', 'BatchMode=yes')
  if (uri.noVerify) args.push('-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null')
  if (uri.knownHosts !== null && !uri.noVerify)
    args.push('-o', `UserKnownHostsFile="${optionValue(uri.knownHosts)}"`)
  if (uri.keyfile !== null) args.push('-i', uri.keyfile)
  if (uri.port !== null) args.push('-p', String(uri.port))
  if (uri.user !== null) args.push('-l', uri.user)
  args.push('--', uri.host, `sh -c ${quoted(remoteScript(uri, readOnly))}`)
  return { file: uri.command ?? 'ssh', args }
}

function remoteScript(uri: LibvirtUri, readOnly: boolean): string {
  const helper = `exec virt-ssh-helper ${readOnly ? '--readonly ' : ''}${quoted(uri.daemonUri)}`
  if (uri.proxy === 'native') return helper
  // A given socket is something that virt-ssh-helper could not be told of.
  if (uri.proxy === 'netcat' || uri.socket !== null || uri.netcat !== null) return netcatScript(uri, readOnly)
  if (isSession(uri)) return helper
  return `if command -v virt-ssh-helper >/dev/null 2>&1; then ${helper}; else ${netcatScript(uri, readOnly)}; fi`
}

function netcatScript(uri: LibvirtUri, readOnly: boolean): string {
  if (isSession(uri) && uri.socket === null) {
    throw new ConnectionError(
      'uri',
      'a session daemon behind netcat needs socket=, its path depends on the user',
    )
  }
  const netcat = quoted(uri.netcat ?? 'nc')
  const suffix = readOnly ? '-ro' : ''
  const direct = `/var/run/libvirt/virt${uri.driver}d-sock${suffix}`
  const legacy = `${SYSTEM_SOCKET}${suffix}`
  const socket = uri.socket ?? (uri.mode === 'direct' ? direct : legacy)
  const choose =
    uri.socket === null && uri.mode === 'auto'
      ? `if test -S ${quoted(direct)}; then S=${quoted(direct)}; else S=${quoted(legacy)}; fi`
      : `S=${quoted(socket)}`
  // Some netcats linger after the end of their input unless they are told -q0; others do not know the option.
  const quit = `if ${netcat} -q 2>&1 | grep -q 'requires an argument'; then Q=-q0; else Q=; fi`
  return `${choose}; ${quit}; exec ${netcat} $Q -U "$S"`
}

/** One word for a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

/** ssh splits option values at spaces unless they are in double quotes, and has no way to write one inside. */
function optionValue(text: string): string {
  if (text.includes('"') || text.includes('\n')) {
    throw new ConnectionError(
      'uri',
      `known_hosts=${text}: quotes and line breaks are not possible in this path`,
    )
  }
  return text
}
