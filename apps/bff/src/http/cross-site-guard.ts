import type { IncomingHttpHeaders } from 'node:http'
import { Failure } from '../failure.ts'
import type { OriginPolicy } from './origin-policy.ts'

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses a change that another site's page asks for with a person's cookie.
 *
 * Every browser of today sends `Origin` with such a request and `Sec-Fetch-Site` too; a program sends neither and
 * has no cookie of a person that it was not given. A bearer token is never sent by a browser on its own.
 * @throws Failure `csrf-refused`
 */
export function refuseCrossSite(method: string, headers: IncomingHttpHeaders, policy: OriginPolicy): void {
  if (SAFE_METHODS.has(method) || headers.authorization !== undefined) return
  const { origin } = headers
  const site = headers['sec-fetch-site']
  if (origin !== undefined) {
    if (policy.allows(origin)) return
    throw refused(origin)
  }
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw refused(`a ${String(site)} page`)
}

function refused(from: string): Failure {
  return new Failure(
    'csrf-refused',
    `A change asked for by ${from} is refused. If this is the address under which you use Coreshift, set CORESHIFT_PUBLIC_URL to it.`,
  )
}
