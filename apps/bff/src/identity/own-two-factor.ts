import type { RecoveryCodes, TwoFactorEnrolment, TwoFactorStatus, User } from '@coreshift/shared/contract'
import { Failure } from '../failure.ts'
import type { Accounts } from './accounts.ts'
import { actorOf, type Identity } from './identity.ts'
import type { PasswordSignIn } from './password-sign-in.ts'
import type { SignInContext } from './sign-in-context.ts'
import type { TwoFactor, TwoFactorContext } from './two-factor.ts'

/**
 * The authenticator of whoever asks. Changes need the password again (throttled like a sign-in): whoever finds an open
 * browser must not be able to change how its owner signs in. Programs with tokens have none.
 */
export interface OwnTwoFactor {
  status(who: Identity): Promise<TwoFactorStatus>
  enrol(who: Identity, password: string, context: SignInContext): Promise<TwoFactorEnrolment>
  confirm(who: Identity, code: string, context: SignInContext): Promise<RecoveryCodes>
  renewCodes(who: Identity, password: string, context: SignInContext): Promise<RecoveryCodes>
  disable(who: Identity, password: string, context: SignInContext): Promise<void>
  /** Somebody else's, by an administrator. @throws Failure `not-found`, `conflict` when there is none */
  reset(userId: string, by: Identity, context: SignInContext): Promise<void>
}

export interface OwnTwoFactorOptions {
  readonly accounts: Accounts
  readonly twoFactor: TwoFactor
  readonly passwordSignIn: PasswordSignIn
}

export function createOwnTwoFactor(options: OwnTwoFactorOptions): OwnTwoFactor {
  const { accounts, twoFactor, passwordSignIn } = options

  async function accountOf(who: Identity): Promise<User> {
    const user = who.kind === 'user' ? await accounts.get(who.id) : undefined
    if (!user) throw new Failure('conflict', 'A token has no authenticator.')
    return user
  }

  async function proven(who: Identity, password: string, context: SignInContext): Promise<User> {
    const user = await accountOf(who)
    if (user.source !== 'password') {
      throw new Failure(
        'conflict',
        'This account signs in at the OIDC provider; its second step is set there.',
      )
    }
    try {
      await passwordSignIn.prove(user.name, password, context)
    } catch (error) {
      // 401 would tell a browser that its session ended.
      if (!(error instanceof Failure) || error.code !== 'unauthenticated') throw error
      const message = 'The password is wrong.'
      throw new Failure('invalid-request', message, { issues: [{ path: 'password', message }] })
    }
    return user
  }

  const contextOf = (who: Identity, { address, requestId }: SignInContext): TwoFactorContext => ({
    actor: actorOf(who, address),
    ...(requestId === undefined ? {} : { requestId }),
  })

  return {
    async status(who) {
      if (who.kind === 'user') return twoFactor.status(await accountOf(who))
      return { available: false, enabled: false, required: false, recoveryCodesLeft: 0 }
    },
    enrol: async (who, password, context) => twoFactor.enrol(await proven(who, password, context)),
    confirm: async (who, code, context) =>
      twoFactor.confirm(await accountOf(who), code, contextOf(who, context)),
    renewCodes: async (who, password, context) =>
      twoFactor.renewCodes(await proven(who, password, context), contextOf(who, context)),
    disable: async (who, password, context) =>
      twoFactor.disable(await proven(who, password, context), contextOf(who, context)),
    async reset(userId, by, context) {
      const user = await accounts.get(userId)
      if (!user) throw new Failure('not-found', 'There is no such account.')
      await twoFactor.reset(user, contextOf(by, context))
    },
  }
}
