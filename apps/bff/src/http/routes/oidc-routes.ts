import { z } from 'zod'
import { Failure } from '../../failure.ts'
import type { Onward, OidcSignIn } from '../../identity/oidc/oidc-sign-in.ts'
import { route, type Reply, type Route } from '../route.ts'
import type { ApiServices } from '../services.ts'

const BeginQuery = z.object({
  next: z.string().max(2000).optional().describe('path of the page to come back to'),
})
/** Whatever the provider sends; it is checked as a whole. */
const CallbackQuery = z.record(z.string().max(100), z.string().max(4000))

const onwards = { 303: { description: 'Where the browser goes to; `Location` says it' } }

/** Doors for browsers alone: they are followed, not fetched. Where no provider is configured, every answer is 404. */
export function oidcRoutes({ identity }: ApiServices): Route[] {
  function door(): OidcSignIn {
    if (identity.oidc) return identity.oidc
    throw new Failure('not-found', 'No OIDC provider is configured.')
  }
  const onward = ({ location, cookies }: Onward): Reply => ({
    status: 303,
    headers: { Location: location },
    cookies,
  })

  return [
    route({
      method: 'GET',
      path: '/oidc/sign-in',
      access: 'public',
      summary: 'Sends the browser to the OIDC provider',
      query: BeginQuery,
      limited: true,
      answers: onwards,
      handle: async ({ query }) => onward(await door().begin(query.next)),
    }),
    route({
      method: 'GET',
      path: '/oidc/callback',
      access: 'public',
      summary: 'Where the OIDC provider sends the browser back to; signs in, or says in the page why not',
      query: CallbackQuery,
      limited: true,
      answers: onwards,
      handle: async ({ query, credentials, context }) =>
        onward(await door().finish(new URLSearchParams(query), credentials.cookie, context)),
    }),
  ]
}
