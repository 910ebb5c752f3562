import { io, type Socket } from 'socket.io-client'
import type {
  HeldState,
  LiveChange,
  LiveClientToServer,
  LiveServerToClient,
  Role,
  WatchAnswer,
} from '@coreshift/shared/contract'
import { perLimit } from '../src/access/limited-services.ts'
import { createOriginPolicy } from '../src/http/origin-policy.ts'
import { realClock } from '../src/live/frame-pacer.ts'
import { createLiveServer, type LiveServer } from '../src/live/live-server.ts'
import { createLogger } from '../src/telemetry/logger.ts'
import { testServer, type TestServer, type TestServerOptions } from './test-server.ts'

export type Client = Socket<LiveServerToClient, LiveClientToServer>

export interface LiveTest extends TestServer {
  readonly live: LiveServer
  connect(options?: ConnectOptions): Promise<Client>
  /** @returns the message of the refused connection */
  refusedBy(options?: ConnectOptions): Promise<string>
  clientFor(role: Role): Promise<Client>
}

export interface ConnectOptions {
  readonly token?: string
  readonly headers?: Record<string, string>
  readonly namespace?: string
  readonly transports?: string[]
}

export async function liveServer({ doors }: Pick<TestServerOptions, 'doors'> = {}): Promise<LiveTest> {
  let live: LiveServer | undefined
  const clients: Client[] = []
  const server = await testServer({
    ...(doors === undefined ? {} : { doors }),
    extend(httpServer, { identity, services }) {
      const made = createLiveServer({
        server: httpServer,
        sourcesFor: perLimit(services, (limited) => limited),
        identity,
        origins: createOriginPolicy({
          publicOrigin: undefined,
          listening: () => {
            const address = httpServer.address()
            return { host: '127.0.0.1', port: typeof address === 'object' && address ? address.port : 0 }
          },
        }),
        logger: createLogger('silent'),
        clock: realClock,
        nowMs: Date.now,
        secure: false,
      })
      live = made
      return async () => {
        for (const client of clients) client.disconnect()
        await made.close()
      }
    },
  })
  if (!live) throw new Error('the live server was not made')

  const open = ({
    token,
    headers,
    namespace = '/live',
    transports = ['websocket'],
  }: ConnectOptions): Client => {
    const client: Client = io(server.url + namespace, {
      transports,
      forceNew: true,
      reconnection: false,
      ...(token === undefined ? {} : { auth: { token } }),
      ...(headers === undefined ? {} : { extraHeaders: headers }),
    })
    clients.push(client)
    return client
  }
  const connect = (options: ConnectOptions = {}): Promise<Client> => {
    const client = open(options)
    return new Promise((resolve, reject) => {
      client.once('connect', () => resolve(client))
      client.once('connect_error', reject)
    })
  }
  return {
    ...server,
    live,
    connect,
    refusedBy: (options = {}) =>
      connect(options).then(
        () => 'connected',
        (error: Error) => error.message,
      ),
    clientFor: async (role) => connect({ token: await server.tokenFor(role) }),
  }
}

export async function watch(
  client: Client,
  topic: string,
  held?: HeldState,
): Promise<Extract<WatchAnswer, { snapshot: unknown }>> {
  const answer = await client.emitWithAck('watch', { topic, ...(held ? { held } : {}) })
  if (!answer.ok) throw new Error(`${answer.code}: ${answer.message}`)
  if ('missed' in answer) throw new Error('expected a snapshot, got what was missed')
  return answer
}

/** Watches again from what is held. */
export async function resume(
  client: Client,
  topic: string,
  { feed, rev }: HeldState,
): Promise<Extract<WatchAnswer, { missed: unknown }>> {
  const answer = await client.emitWithAck('watch', { topic, held: { feed, rev } })
  if (!answer.ok || !('missed' in answer)) throw new Error(`not taken up: ${JSON.stringify(answer)}`)
  return answer
}

export function nextChange(client: Client): Promise<LiveChange> {
  return new Promise((resolve) => client.once('change', resolve))
}

export function ended(client: Client): Promise<{ reason: string; closed: Promise<string> }> {
  return new Promise((resolve) => {
    const closed = new Promise<string>((resolveClosed) => client.once('disconnect', resolveClosed))
    client.once('ended', ({ reason }) => resolve({ reason, closed }))
  })
}
