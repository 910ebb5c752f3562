import { randomUUID } from 'node:crypto'
import type { AccessLimit, Role, User } from '@coreshift/shared/contract'
import { Failure } from '../failure.ts'
import { createAccounts } from '../identity/accounts.ts'
import { createPasswordHasher } from '../identity/password-hash.ts'
import { createTwoFactor } from '../identity/two-factor.ts'
import type { Store } from '../open-store.ts'
import { commandLineActor } from './command-line-actor.ts'
import { readPassword } from './read-password.ts'
import type { StoreCommand } from './store-command.ts'

export function addUser(
  name: string,
  role: Role,
  limitedTo: AccessLimit | undefined,
  passwordFromStdin: boolean | undefined,
): StoreCommand {
  return async (store) => {
    const user = await accountsOf(store).create(
      { name, role, limitedTo, password: await readPassword(passwordFromStdin) },
      commandLineActor(),
    )
    process.stdout.write(`Account ${user.name} with the role ${user.role} was created.\n`)
    return 0
  }
}

export function setPassword(name: string, passwordFromStdin: boolean | undefined): StoreCommand {
  return async (store) => {
    const accounts = accountsOf(store)
    const user = await accountNamed(store, name)
    await accounts.change(
      user.id,
      { password: await readPassword(passwordFromStdin), disabled: false },
      commandLineActor(),
    )
    process.stdout.write(
      `Account ${user.name} has a new password and may sign in. Its sessions have ended.\n`,
    )
    return 0
  }
}

/** For somebody who lost authenticator and recovery codes, also where that is the only administrator. */
export function resetTwoFactor(name: string): StoreCommand {
  return async (store) => {
    const user = await accountNamed(store, name)
    const twoFactor = createTwoFactor({
      repository: store.twoFactors,
      secrets: store.keys,
      required: () => false,
      now: () => new Date(),
    })
    await twoFactor.reset(user, { actor: commandLineActor() })
    process.stdout.write(`Account ${user.name} has no authenticator any more.\n`)
    return 0
  }
}

async function accountNamed(store: Store, name: string): Promise<User> {
  const user = (await store.users.list()).find((known) => known.name.toLowerCase() === name.toLowerCase())
  if (!user) throw new Failure('not-found', `There is no account named "${name}".`)
  return user
}

export async function listUsers(store: Store): Promise<number> {
  for (const { name, role, disabled, limitedTo, twoFactor } of await store.users.list()) {
    const words = [
      name,
      role,
      ...(disabled ? ['disabled'] : []),
      ...(limitedTo ? [`limited to ${JSON.stringify(limitedTo)}`] : []),
      ...(twoFactor ? ['with authenticator'] : []),
    ]
    process.stdout.write(`${words.join('\t')}\n`)
  }
  return 0
}

function accountsOf(store: Store) {
  return createAccounts({
    repository: store.users,
    hasher: createPasswordHasher(),
    now: () => new Date(),
    newId: () => randomUUID(),
  })
}
