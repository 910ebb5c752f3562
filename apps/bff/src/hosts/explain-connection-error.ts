import { ConnectionError, LibvirtError, isAuthFailed, isDenied } from '@coreshift/libvirt'

/** Why a host cannot be reached and what would fix it, in words. */
interface ConnectionExplanation {
  readonly cause: string
  readonly hint?: string
}

function errnoOf(error: unknown): string | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    if ('code' in current && typeof current.code === 'string') return current.code
  }
  return undefined
}

const BY_ERRNO: Readonly<Record<string, ConnectionExplanation>> = {
  ENOENT: {
    cause: 'The libvirt socket does not exist: no libvirt daemon runs there.',
    hint: 'Start it: systemctl enable --now libvirtd.socket (or virtqemud.socket), or correct the path in the URI.',
  },
  ECONNREFUSED: {
    cause: 'Nobody answers at the address: the libvirt daemon is not running or does not listen there.',
    hint: 'Start it: systemctl start libvirtd (or virtqemud).',
  },
  EACCES: {
    cause: 'This account may not open the libvirt socket.',
    hint: 'Add it to the group: usermod -aG libvirt ACCOUNT, then start Coreshift again.',
  },
  EPERM: {
    cause: 'This account may not open the libvirt socket.',
    hint: 'Add it to the group: usermod -aG libvirt ACCOUNT, then start Coreshift again.',
  },
  ENOTFOUND: {
    cause: 'The host name in the URI is not known.',
    hint: 'Correct the host name, or use the address.',
  },
  ETIMEDOUT: {
    cause: 'The host did not answer in time.',
    hint: 'Check the network and the firewall on the way.',
  },
  EHOSTUNREACH: {
    cause: 'There is no route to the host.',
    hint: 'Check the network and the firewall on the way.',
  },
}

/** Explains a failed attempt to connect. Decides by code, never by text. */
export function explainConnectionError(error: unknown): ConnectionExplanation {
  const errno = errnoOf(error)
  const known = errno === undefined ? undefined : BY_ERRNO[errno]
  if (known) return known
  if (error instanceof LibvirtError) {
    if (isAuthFailed(error) || isDenied(error)) {
      return {
        cause: `libvirt refused the access: ${error.message}`,
        hint: 'Add a polkit rule for org.libvirt.unix.manage, add the account to the group libvirt, or check user and password.',
      }
    }
    return { cause: `libvirt refused to open the connection: ${error.message}` }
  }
  if (error instanceof ConnectionError) {
    if (error.kind === 'tls') {
      return {
        cause: `The certificates do not fit: ${error.message}`,
        hint: 'Check the CA, the client certificate (pkipath in the URI) and the host name in the server certificate.',
      }
    }
    return { cause: error.message }
  }
  return { cause: error instanceof Error ? error.message : String(error) }
}
