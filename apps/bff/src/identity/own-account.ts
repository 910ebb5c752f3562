import type { User } from '@coreshift/shared/contract'
import { Failure } from '../failure.ts'
import type { Accounts } from './accounts.ts'
import type { Identity } from './identity.ts'
import type { PasswordSignIn } from './password-sign-in.ts'
import type { SignInContext } from './sign-in-context.ts'

/**
 * The account of whoever asks. How one signs in changes only with the password again (throttled like a sign-in):
 * whoever finds an open browser must not be able to change how its owner signs in. Programs with tokens have no account.
 */
export interface OwnAccount {
  /** @throws Failure `conflict` for a token */
  of(who: Identity): Promise<User>
  /** Throws like `of`, `conflict` for an account of the OIDC provider, `invalid-request` for a wrong password. */
  proven(who: Identity, password: string, context: SignInContext): Promise<User>
}

export function createOwnAccount(accounts: Accounts, passwordSignIn: PasswordSignIn): OwnAccount {
  async function of(who: Identity): Promise<User> {
    const user = who.kind === 'user' ? await accounts.get(who.id) : undefined
    if (!user)
      throw new Failure('conflict', 'A token is no account: it has neither password nor authenticator.')
    return user
  }

  return {
    of,
    async proven(who, password, context) {
      const user = await of(who)
      if (user.source !== 'password') {
        throw new Failure(
          'conflict',
          'This account signs in at the OIDC provider; password and second step are set there.',
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
    },
  }
}
