import { Failure } from '../failure.ts'
import type { Accounts } from './accounts.ts'
import { actorOf, type Identity } from './identity.ts'
import type { OwnAccount } from './own-account.ts'
import type { SignInContext } from './sign-in-context.ts'

/** The password of whoever asks. */
export interface OwnPassword {
  /**
   * Every other session of the account ends; the one that asks goes on.
   * @param next in force from now on
   * @throws Failure `conflict` where there is no password here, `invalid-request` for a wrong, weak or unchanged one
   */
  change(who: Identity, password: string, next: string, context: SignInContext): Promise<void>
}

export function createOwnPassword(accounts: Accounts, own: OwnAccount): OwnPassword {
  return {
    async change(who, password, next, context) {
      const user = await own.proven(who, password, context)
      if (next === password) {
        const message = 'This is the password that you have; choose another one.'
        throw new Failure('invalid-request', message, { issues: [{ path: 'next', message }] })
      }
      await accounts.changeOwnPassword(user, next, {
        actor: actorOf(who, context.address),
        ...(who.sessionId === undefined ? {} : { keptSession: who.sessionId }),
        ...(context.requestId === undefined ? {} : { requestId: context.requestId }),
      })
    },
  }
}
