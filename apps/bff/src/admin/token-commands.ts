import { randomUUID } from 'node:crypto'
import { Instant, type AccessLimit, type Role } from '@coreshift/shared/contract'
import { createAccessTokens } from '../identity/access-tokens.ts'
import type { Store } from '../open-store.ts'
import { commandLineActor } from './command-line-actor.ts'
import type { StoreCommand } from './store-command.ts'
import { UsageError } from './usage-error.ts'

export function createToken(
  name: string,
  role: Role,
  limitedTo: AccessLimit | undefined,
  expires: string | undefined,
): StoreCommand {
  const expiresAt = expires === undefined ? undefined : Instant.safeParse(expires)
  if (expiresAt && !expiresAt.success) {
    throw new UsageError(`--expires is "${expires}"; it has to be an instant like 2027-01-31T00:00:00Z.`)
  }
  return async (store) => {
    const tokens = createAccessTokens({
      repository: store.tokens,
      now: () => new Date(),
      newId: () => randomUUID(),
    })
    const { secret } = await tokens.create(
      { name, role, limitedTo, expiresAt: expiresAt?.data },
      commandLineActor(),
    )
    // The token alone, so that a script can take it as it comes.
    process.stdout.write(`${secret}\n`)
    return 0
  }
}

export async function listTokens(store: Store): Promise<number> {
  for (const { id, name, role, createdAt, expiresAt, limitedTo } of await store.tokens.list()) {
    const words = [
      id,
      name,
      role,
      createdAt,
      expiresAt ?? 'without end',
      ...(limitedTo ? [`limited to ${JSON.stringify(limitedTo)}`] : []),
    ]
    process.stdout.write(`${words.join('\t')}\n`)
  }
  return 0
}
