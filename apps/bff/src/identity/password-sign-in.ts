import { Failure } from '../failure.ts'
import type { Accounts, ProvenAccount } from './accounts.ts'
import type { Identity } from './identity.ts'
import type { SecondStep } from './second-step.ts'
import type { SignedIn, Sessions } from './sessions.ts'
import { personNamed, type SignInContext } from './sign-in-context.ts'
import type { SignInRecord } from './sign-in-record.ts'
import { CODE_WAIT_MAX_MS, createSignInThrottle, type SignInThrottle } from './sign-in-throttle.ts'
import type { TwoFactor } from './two-factor.ts'

export type PasswordAnswer =
  | { readonly kind: 'signed-in'; readonly signedIn: SignedIn }
  /** The password was right; the cookies remember it until the code comes. */
  | { readonly kind: 'code-needed'; readonly cookies: readonly string[] }

/** The door for name and password. */
export interface PasswordSignIn {
  /** @throws Failure `unauthenticated` for a wrong name or password, `rate-limited` while the name has to wait */
  signIn(name: string, password: string, context: SignInContext): Promise<PasswordAnswer>
  /**
   * The second step, with a code of the authenticator or a recovery code.
   * @throws Failure `unauthenticated` for a wrong code and when too much time went by, `rate-limited`
   */
  finish(code: string, cookie: string | undefined, context: SignInContext): Promise<SignedIn>
  /** The password alone, under the same throttle. Throws like `signIn`. */
  prove(name: string, password: string, context: SignInContext): Promise<ProvenAccount>
  /**
   * For one request of a program that sends a person's name and password with each: no session begins.
   * Throws like `signIn`, and `two-factor-required` for an account with an authenticator.
   */
  identify(name: string, password: string, context: SignInContext): Promise<Identity>
}

interface PasswordSignInOptions {
  readonly accounts: Accounts
  readonly sessions: Sessions
  readonly twoFactor: TwoFactor
  readonly twoFactorRequired: () => boolean
  readonly secondStep: SecondStep
  readonly record: SignInRecord
  readonly now: () => Date
}

interface Gate {
  readonly throttle: SignInThrottle
  /**
   * Counts an attempt as wrong until it is known to be right, so that attempts side by side do not slip through together.
   * Not for passwords: programs send the right one in many requests at once, and the hashes are bounded anyway.
   */
  readonly countsEarly: boolean
  /** For the caller. */
  readonly message: string
  /** For the audit. */
  readonly why: string
}

const WRONG = 'The name or the password is wrong.'
const BEGIN_AGAIN = 'Too much time went by. Begin with name and password again.'

export function createPasswordSignIn(options: PasswordSignInOptions): PasswordSignIn {
  const { accounts, sessions, twoFactor, secondStep, record, now } = options
  const passwords: Gate = {
    throttle: createSignInThrottle(),
    countsEarly: false,
    message: WRONG,
    why: 'wrong name or password',
  }
  const codes: Gate = {
    throttle: createSignInThrottle(CODE_WAIT_MAX_MS),
    countsEarly: true,
    message: 'The code is wrong, or was used before.',
    why: 'wrong code',
  }

  /** Counts what is wrong, makes wait, and audits. @throws Failure */
  async function throttled<T>(
    { throttle, countsEarly, message, why }: Gate,
    name: string,
    context: SignInContext,
    check: () => Promise<T | undefined>,
  ): Promise<T> {
    const waitMs = throttle.waitMs(name, now().getTime())
    if (waitMs > 0) {
      throw new Failure(
        'rate-limited',
        `Too many wrong attempts for this account. Try again in ${Math.ceil(waitMs / 1000)} s.`,
      )
    }
    if (countsEarly) throttle.failed(name, now().getTime())
    const found = await check()
    if (found === undefined) {
      if (!countsEarly) throttle.failed(name, now().getTime())
      await record.refused(name, why, context)
      throw new Failure('unauthenticated', message)
    }
    throttle.succeeded(name)
    return found
  }

  const prove: PasswordSignIn['prove'] = (name, password, context) =>
    throttled(passwords, name, context, () => accounts.verifyPassword(name, password))

  async function begin(userId: string, name: string, how: string, context: SignInContext): Promise<SignedIn> {
    const signedIn = await sessions.begin(userId, context)
    // Disabled or removed between the check and now.
    if (!signedIn) throw new Failure('unauthenticated', WRONG)
    await record.done(name, how, context)
    return signedIn
  }

  return {
    prove,
    async signIn(name, password, context) {
      const { user, passwordHash } = await prove(name, password, context)
      if (user.twoFactor) {
        return { kind: 'code-needed', cookies: [secondStep.begin(user.id, passwordHash)] }
      }
      return { kind: 'signed-in', signedIn: await begin(user.id, user.name, 'with a password', context) }
    },
    async finish(code, cookie, context) {
      const begun = secondStep.userOf(cookie)
      const name = begun && (await accounts.get(begun.id))?.name
      const account = name === undefined ? undefined : await accounts.ofPassword(name)
      if (!account || !begun?.fits(account.passwordHash)) throw new Failure('unauthenticated', BEGIN_AGAIN)
      const { user } = account
      const actor = personNamed(user.name, context)
      await throttled(codes, user.name, context, async () =>
        (await twoFactor.accept(user, code, {
          actor,
          ...(context.requestId === undefined ? {} : { requestId: context.requestId }),
        }))
          ? true
          : undefined,
      )
      const { identity, cookies } = await begin(user.id, user.name, 'with a password and a code', context)
      return { identity, cookies: [...cookies, secondStep.ended] }
    },
    async identify(name, password, context) {
      const { user } = await prove(name, password, context)
      if (user.twoFactor) {
        await record.refused(user.name, 'no second step', context)
        throw new Failure(
          'two-factor-required',
          'This account signs in with a code of its authenticator, which cannot be sent here. Use an API token.',
        )
      }
      return {
        kind: 'user',
        id: user.id,
        name: user.name,
        role: user.role,
        ...(user.limitedTo === undefined ? {} : { limitedTo: user.limitedTo }),
        passwordOnly: true,
        ...(options.twoFactorRequired() ? { mustEnrol: true } : {}),
      }
    },
  }
}
