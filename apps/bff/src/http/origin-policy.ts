import { hostname, networkInterfaces } from 'node:os'
import type { ListenAddress } from '../config.ts'

/** Which web pages may talk to the server with a person's cookie. */
export interface OriginPolicy {
  /** @param origin the `Origin` header as it came */
  allows(origin: string): boolean
}

interface OriginPolicyOptions {
  readonly publicOrigin: string | undefined
  /** Where the server listens; asked with every check, because the port may be chosen late. */
  readonly listening: () => ListenAddress
}

/**
 * Allowed is the public address, and every name of this machine under which a browser reaches the server directly.
 * A list of whole origins, compared exactly: nothing is matched by its beginning or end.
 */
export function createOriginPolicy({ publicOrigin, listening }: OriginPolicyOptions): OriginPolicy {
  return {
    allows(origin) {
      if (origin === publicOrigin) return true
      const { host, port } = listening()
      return namesOf(host).some((name) => origin === originOf(name, port))
    },
  }
}

function originOf(name: string, port: number): string {
  return port === 80 ? `http://${name}` : `http://${name}:${port}`
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

function namesOf(host: string): readonly string[] {
  if (host === 'localhost' || host === '127.0.0.1' || host === '::1') return LOOPBACK
  if (host !== '0.0.0.0' && host !== '::') return [bracketed(host.toLowerCase())]
  const addresses = Object.values(networkInterfaces())
    .flatMap((addressesOfOne) => addressesOfOne ?? [])
    .map(({ address }) => bracketed(address))
  return [...LOOPBACK, hostname().toLowerCase(), ...addresses]
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
