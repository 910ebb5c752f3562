import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'
import type { Role } from '@coreshift/shared/contract'
import type { OidcSettings } from '../src/identity/oidc/oidc-environment.ts'

const CLIENT_ID = 'coreshift-test'
const CLIENT_SECRET = 'a-secret-of-the-test-client-of-some-length'
const CALLBACK = '/api/v1/oidc/callback'
/** Redirects of one walk through the provider. */
const STEPS_MAX = 10

/** A real OIDC provider on loopback in which everybody is signed in without being asked. */
export interface TestOidcProvider {
  readonly issuer: string
  /** Settings that fit it. */
  settings(changes?: Partial<OidcSettings>, without?: 'defaultRole'): OidcSettings
  /** Who signs in from now on, and what the provider says about them. */
  signs(subject: string, claims: object): void
  /** Goes through the provider as a browser would. @returns the address to which it sends the browser back */
  walk(address: URL): Promise<URL>
  stop(): Promise<void>
}

export async function oidcProvider(): Promise<TestOidcProvider> {
  let current: { subject: string; claims: object } = { subject: 'nobody', claims: {} }
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT_ID,
        client_secret: CLIENT_SECRET,
        // The server under test has another port each time.
        redirect_uris: [`http://127.0.0.1${CALLBACK}`],
      },
    ],
    claims: {
      openid: ['sub'],
      profile: ['preferred_username', 'groups'],
      email: ['email', 'email_verified'],
    },
    cookies: { keys: ['a key of the test provider'] },
    features: { devInteractions: { enabled: false } },
    findAccount: (_context, sub) => ({
      accountId: sub,
      claims: () => ({ sub, ...current.claims }),
    }),
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    pkce: { required: () => true },
  })
  // Loopback redirects are compared without the port (RFC 8252, 7.3), as for native applications.
  const Client = provider.Client
  Client.prototype.redirectUriAllowed = (uri: string) => {
    const url = new URL(uri)
    return url.hostname === '127.0.0.1' && url.pathname === CALLBACK
  }
  const answer = provider.callback()
  server.on('request', (request, response) => {
    if (!request.url?.startsWith('/interaction/')) {
      void answer(request, response)
      return
    }
    consent(provider, request, response, current.subject).catch((error: unknown) => {
      response.statusCode = 500
      response.end(String(error))
    })
  })

  return {
    issuer,
    settings(changes = {}, without) {
      const { defaultRole = 'viewer', ...rest } = changes
      return {
        issuer,
        clientId: CLIENT_ID,
        clientSecret: CLIENT_SECRET,
        name: 'Example',
        scopes: ['openid', 'profile', 'email'],
        roleClaim: 'groups',
        roles: new Map<string, Role>([
          ['vm-admins', 'admin'],
          ['vm-team', 'operator'],
        ]),
        allowedDomains: [],
        ...rest,
        ...(without === undefined ? { defaultRole } : {}),
      }
    },
    signs(subject, claims) {
      current = { subject, claims }
    },
    async walk(address) {
      const cookies = new Map<string, string>()
      let next = address
      for (let step = 0; step < STEPS_MAX; step += 1) {
        const response = await fetch(next, {
          redirect: 'manual',
          headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
        })
        for (const cookie of response.headers.getSetCookie()) {
          const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
          if (value === '') cookies.delete(name)
          else cookies.set(name, value)
        }
        const location = response.headers.get('location')
        if (location === null)
          throw new Error(`the provider answered ${response.status}: ${await response.text()}`)
        next = new URL(location, next)
        if (next.pathname === CALLBACK) return next
      }
      throw new Error('the provider sends in circles')
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

type Handler = Parameters<Provider['interactionDetails']>

/** Signs in and consents to everything that is asked for. */
async function consent(
  provider: Provider,
  request: Handler[0],
  response: Handler[1],
  accountId: string,
): Promise<void> {
  const { prompt, params, grantId } = await provider.interactionDetails(request, response)
  if (prompt.name === 'login') {
    await provider.interactionFinished(request, response, { login: { accountId } })
    return
  }
  const known = grantId === undefined ? undefined : await provider.Grant.find(grantId)
  const grant = known ?? new provider.Grant({ accountId, clientId: String(params['client_id']) })
  grant.addOIDCScope('openid profile email')
  await provider.interactionFinished(
    request,
    response,
    { consent: { grantId: await grant.save() } },
    { mergeWithLastSubmission: true },
  )
}
