import type { RecoveryCodes, TwoFactorEnrolment, TwoFactorStatus } from '@coreshift/shared/contract'
import { Failure } from '../failure.ts'
import type { Accounts } from './accounts.ts'
import { actorOf, type Identity } from './identity.ts'
import type { OwnAccount } from './own-account.ts'
import type { SignInContext } from './sign-in-context.ts'
import type { TwoFactor, TwoFactorContext } from './two-factor.ts'

/** The authenticator of whoever asks. */
export interface OwnTwoFactor {
  status(who: Identity): Promise<TwoFactorStatus>
  enrol(who: Identity, password: string, context: SignInContext): Promise<TwoFactorEnrolment>
  confirm(who: Identity, code: string, context: SignInContext): Promise<RecoveryCodes>
  renewCodes(who: Identity, password: string, context: SignInContext): Promise<RecoveryCodes>
  disable(who: Identity, password: string, context: SignInContext): Promise<void>
  /** Somebody else's, by an administrator. @throws Failure `not-found`, `conflict` when there is none */
  reset(userId: string, by: Identity, context: SignInContext): Promise<void>
}

interface OwnTwoFactorOptions {
  readonly accounts: Accounts
  readonly twoFactor: TwoFactor
  readonly own: OwnAccount
}

export function createOwnTwoFactor(options: OwnTwoFactorOptions): OwnTwoFactor {
  const { accounts, twoFactor, own } = options

  const contextOf = (who: Identity, { address, requestId }: SignInContext): TwoFactorContext => ({
    actor: actorOf(who, address),
    ...(requestId === undefined ? {} : { requestId }),
  })

  return {
    async status(who) {
      if (who.kind === 'user') return twoFactor.status(await own.of(who))
      return { available: false, enabled: false, required: false, recoveryCodesLeft: 0 }
    },
    enrol: async (who, password, context) => twoFactor.enrol(await own.proven(who, password, context)),
    confirm: async (who, code, context) =>
      twoFactor.confirm(await own.of(who), code, contextOf(who, context)),
    renewCodes: async (who, password, context) =>
      twoFactor.renewCodes(await own.proven(who, password, context), contextOf(who, context)),
    disable: async (who, password, context) =>
      twoFactor.disable(await own.proven(who, password, context), contextOf(who, context)),
    async reset(userId, by, context) {
      const user = await accounts.get(userId)
      if (!user) throw new Failure('not-found', 'There is no such account.')
      await twoFactor.reset(user, contextOf(by, context))
    },
  }
}
