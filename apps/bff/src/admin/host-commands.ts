import { randomUUID } from 'node:crypto'
import { HostCredentials, HostInput } from '@coreshift/shared/contract'
import type { Store } from '../open-store.ts'
import { commandLineActor } from './command-line-actor.ts'
import { readPassword } from './read-password.ts'
import type { StoreCommand } from './store-command.ts'
import { UsageError } from './usage-error.ts'

export function addHost(
  [name, uri, ...more]: readonly string[],
  username: string | undefined,
  passwordFromStdin: boolean | undefined,
): StoreCommand {
  const input = HostInput.safeParse({ name, uri })
  if (!input.success || more.length > 0) {
    throw new UsageError(
      `host add takes a name and a libvirt URI: ${input.error?.issues[0]?.message ?? 'there is something behind the URI'}.`,
    )
  }
  return async (store) => {
    const host = {
      id: randomUUID(),
      name: input.data.name,
      uri: input.data.uri,
      createdAt: new Date().toISOString(),
    }
    const credentials =
      username === undefined ? undefined : await readCredentials(username, passwordFromStdin)
    await store.hosts.add(host, credentials, {
      at: host.createdAt,
      actor: commandLineActor(),
      action: 'host.added',
      outcome: 'done',
      host: host.id,
      message: `Host ${host.name} was added on the command line.`,
      detail: { name: host.name, ...(username === undefined ? {} : { username }) },
    })
    process.stdout.write(`Host ${host.name} was added. A server that runs connects to it in a second.\n`)
    return 0
  }
}

async function readCredentials(
  username: string,
  passwordFromStdin: boolean | undefined,
): Promise<HostCredentials> {
  const given = HostCredentials.safeParse({ username, password: await readPassword(passwordFromStdin) })
  if (given.success) return given.data
  const [issue] = given.error.issues
  throw new UsageError(`The ${issue?.path.join('.')} cannot be used: ${issue?.message}.`)
}

export async function listHosts(store: Store): Promise<number> {
  for (const { id, name, uri } of await store.hosts.list()) process.stdout.write(`${id}\t${name}\t${uri}\n`)
  return 0
}
