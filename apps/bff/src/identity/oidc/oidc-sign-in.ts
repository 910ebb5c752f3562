import { z } from 'zod'
import type { Actor, SignInProblem, User } from '@coreshift/shared/contract'
import { Failure } from '../../failure.ts'
import { UnreadableSecretError, derivedSecretBox } from '../../secrets/secret-box.ts'
import type { Accounts } from '../accounts.ts'
import { clearedCookie, cookieValue, setCookie, type CookiePlace } from '../cookie.ts'
import type { Sessions } from '../sessions.ts'
import { personNamed, type SignInContext } from '../sign-in-context.ts'
import type { SignInRecord } from '../sign-in-record.ts'
import { isOfAllowedDomain, namesOfClaims, roleOfClaims, type Claims } from './oidc-claims.ts'
import type { OidcSettings } from './oidc-environment.ts'
import { ProviderRefusal, type OidcProvider } from './oidc-provider.ts'

/** Time at the provider, s. */
const ATTEMPT_S = 600
const OIDC_PATH = '/api/v1/oidc'

/** Where the browser goes next. */
export interface Onward {
  /** A path of this server, or the provider's address. */
  readonly location: string
  readonly cookies: readonly string[]
}

/** The door through an OIDC provider. Nothing here throws for what browser or provider did: the page tells why. */
export interface OidcSignIn {
  /** What people call it. */
  readonly name: string
  /** @param next path of the page to come back to */
  begin(next: string | undefined): Promise<Onward>
  /** @param query of the address to which the provider sent the browser */
  finish(query: URLSearchParams, cookie: string | undefined, context: SignInContext): Promise<Onward>
}

interface OidcSignInOptions {
  readonly settings: OidcSettings
  readonly provider: OidcProvider
  /** Origin under which browsers reach this server. */
  readonly origin: () => string
  readonly accounts: Accounts
  readonly sessions: Sessions
  readonly record: SignInRecord
  readonly signingKey: string
  readonly nowMs: () => number
  readonly onProblem: (message: string, cause: unknown) => void
}

const Attempt = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  next: z.string(),
  until: z.number(),
})
type Attempt = z.infer<typeof Attempt>

/** Why somebody stays outside: a code for the page and words for the audit. */
class Refusal extends Error {
  readonly code: SignInProblem
  /** What is known of the name. */
  readonly who: string

  constructor(code: SignInProblem, who: string, why: string, cause?: unknown) {
    super(why, { cause })
    this.code = code
    this.who = who
  }
}

const NOBODY = '(nobody yet)'
const PURPOSE = 'oidc-attempt'

export function createOidcSignIn(options: OidcSignInOptions): OidcSignIn {
  const { settings, provider, accounts, sessions, record, nowMs, onProblem } = options
  const box = derivedSecretBox(options.signingKey, 'coreshift oidc attempt')
  const place = (): CookiePlace => ({
    name: 'coreshift.oidc',
    path: OIDC_PATH,
    // The browser comes from the provider's site: a stricter cookie would not be sent along.
    sameSite: 'Lax',
    secure: options.origin().startsWith('https:'),
  })

  function attemptOf(cookie: string | undefined): Attempt {
    const expired = new Refusal('oidc-expired', NOBODY, 'it was not begun here, or took too long')
    const sealed = cookieValue(cookie, place().name)
    if (sealed === undefined) throw expired
    let attempt: Attempt
    try {
      attempt = Attempt.parse(JSON.parse(box.open(sealed, PURPOSE)))
    } catch (error) {
      if (error instanceof UnreadableSecretError) throw expired
      throw error
    }
    if (attempt.until <= nowMs()) throw expired
    return attempt
  }

  async function claimsOf(
    query: URLSearchParams,
    attempt: Attempt,
  ): Promise<Claims & { readonly sub: string }> {
    const returned = new URL(`${options.origin()}${OIDC_PATH}/callback?${query.toString()}`)
    try {
      return await provider.finish(returned, attempt)
    } catch (error) {
      if (error instanceof ProviderRefusal) {
        throw new Refusal('oidc-refused', NOBODY, 'the OIDC provider refused', error)
      }
      onProblem('the answer of the OIDC provider was not accepted', error)
      throw new Refusal('oidc-refused', NOBODY, 'the answer of the OIDC provider does not fit', error)
    }
  }

  /** The account, made or brought up to date. */
  async function accountOf(claims: Claims & { readonly sub: string }, context: SignInContext): Promise<User> {
    const names = namesOfClaims(claims)
    const who = names[0] ?? claims.sub
    if (!isOfAllowedDomain(claims, settings)) {
      throw new Refusal('oidc-not-allowed', who, 'the mail address is not verified, or of another domain')
    }
    const role = roleOfClaims(claims, settings)
    if (role === undefined) throw new Refusal('oidc-not-allowed', who, 'the provider gives no role for here')
    const subject = { issuer: settings.issuer, subject: claims.sub }
    const known = await accounts.findSubject(subject)
    const actor: Actor = personNamed(known?.name ?? who, context)
    if (known) {
      // Without a claim the role is whatever an administrator gave.
      if (settings.roleClaim === undefined || known.role === role) return known
      return accounts.change(known.id, { role }, actor, context.requestId)
    }
    for (const name of names) {
      try {
        return await accounts.createForSubject({ name, role, subject }, actor, context.requestId)
      } catch (error) {
        // Taken by somebody else, who is never taken for the same person.
        if (!(error instanceof Failure) || error.code !== 'conflict') throw error
      }
    }
    throw new Refusal('oidc-name-taken', who, 'every name the provider has for this person is taken here')
  }

  async function signIn(
    query: URLSearchParams,
    cookie: string | undefined,
    context: SignInContext,
  ): Promise<Onward> {
    const attempt = attemptOf(cookie)
    const account = await accountOf(await claimsOf(query, attempt), context)
    const signedIn = account.disabled ? undefined : await sessions.begin(account.id, context)
    if (!signedIn) throw new Refusal('oidc-not-allowed', account.name, 'the account is disabled')
    await record.done(account.name, 'at the OIDC provider', context)
    return { location: attempt.next, cookies: signedIn.cookies }
  }

  return {
    name: settings.name,
    async begin(next) {
      try {
        const { url, attempt } = await provider.begin(`${options.origin()}${OIDC_PATH}/callback`)
        const kept: Attempt = { ...attempt, next: ownPath(next), until: nowMs() + ATTEMPT_S * 1000 }
        return {
          location: url,
          cookies: [setCookie(place(), box.seal(JSON.stringify(kept), PURPOSE), ATTEMPT_S)],
        }
      } catch (error) {
        onProblem('the OIDC provider cannot be asked', error)
        return { location: problemPage('oidc-unavailable'), cookies: [] }
      }
    },
    async finish(query, cookie, context) {
      const ended = clearedCookie(place())
      try {
        const { location, cookies } = await signIn(query, cookie, context)
        return { location, cookies: [...cookies, ended] }
      } catch (error) {
        if (error instanceof Refusal) {
          await record.refused(error.who, error.message, context)
          return { location: problemPage(error.code), cookies: [ended] }
        }
        if (error instanceof Failure) {
          // The role cannot be given, e.g. because nobody would be left who administers.
          await record.refused(NOBODY, error.message, context)
          return { location: problemPage('oidc-not-allowed'), cookies: [ended] }
        }
        throw error
      }
    },
  }
}

function problemPage(code: SignInProblem): string {
  return `/sign-in?problem=${code}`
}

/** A path of this server and nothing that a browser takes for another site's address. */
function ownPath(next: string | undefined): string {
  return next !== undefined && /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(next) ? next : '/'
}
