import * as client from 'openid-client'
import type { Claims } from './oidc-claims.ts'
import type { OidcSettings } from './oidc-environment.ts'

/** Longest wait for one answer of the provider, s. */
const TIMEOUT_S = 10

/** What one sign-in has to remember until the browser comes back; secret. */
interface OidcAttempt {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

/** The provider, over the authorization code flow with PKCE (RFC 6749, RFC 7636, OpenID Connect Core 1.0). */
export interface OidcProvider {
  begin(redirectUri: string): Promise<{ readonly url: string; readonly attempt: OidcAttempt }>
  /**
   * Checks state, nonce, PKCE, signature, issuer and audience, and asks for the user's claims.
   * @param returned the address to which the provider sent the browser
   * @throws ProviderRefusal when the provider said no, and whatever the library throws for an answer that does not fit
   */
  finish(returned: URL, attempt: OidcAttempt): Promise<Claims & { readonly sub: string }>
}

/** The provider, or the person there, refused. */
export class ProviderRefusal extends Error {
  override readonly name = 'ProviderRefusal'
}

export function createOidcProvider(settings: OidcSettings): OidcProvider {
  let discovered: Promise<client.Configuration> | undefined

  /** Asked once; a failure is asked again the next time. */
  function configuration(): Promise<client.Configuration> {
    discovered ??= discover(settings).catch((error: unknown) => {
      discovered = undefined
      throw error
    })
    return discovered
  }

  return {
    async begin(redirectUri) {
      const provider = await configuration()
      const attempt: OidcAttempt = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier(),
      }
      const url = client.buildAuthorizationUrl(provider, {
        redirect_uri: redirectUri,
        scope: settings.scopes.join(' '),
        state: attempt.state,
        nonce: attempt.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(attempt.verifier),
        code_challenge_method: 'S256',
      })
      return { url: url.href, attempt }
    },
    async finish(returned, { state, nonce, verifier }) {
      const provider = await configuration()
      try {
        const tokens = await client.authorizationCodeGrant(provider, returned, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        })
        const claims = tokens.claims()
        if (!claims) throw new Error('the provider sent no ID token')
        const more =
          provider.serverMetadata().userinfo_endpoint === undefined
            ? {}
            : await client.fetchUserInfo(provider, tokens.access_token, claims.sub)
        return { ...more, ...claims }
      } catch (error) {
        if (error instanceof client.AuthorizationResponseError) {
          throw new ProviderRefusal(error.error_description ?? error.error, { cause: error })
        }
        throw error
      }
    },
  }
}

async function discover({ issuer, clientId, clientSecret }: OidcSettings): Promise<client.Configuration> {
  const address = new URL(issuer)
  const insecure = address.protocol === 'http:' ? [client.allowInsecureRequests] : []
  const found = await client.discovery(address, clientId, undefined, undefined, {
    execute: insecure,
    timeout: TIMEOUT_S,
  })
  if (clientSecret === undefined) return found
  const server = found.serverMetadata()
  // OpenID Connect Discovery 1.0, 3: a provider that names no method takes the secret as HTTP Basic.
  const takesBasic = server.token_endpoint_auth_methods_supported?.includes('client_secret_basic') ?? true
  const proof = takesBasic ? client.ClientSecretBasic(clientSecret) : client.ClientSecretPost(clientSecret)
  const provider = new client.Configuration(server, clientId, undefined, proof)
  provider.timeout = TIMEOUT_S
  for (const apply of insecure) apply(provider)
  return provider
}
