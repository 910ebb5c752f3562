import { randomUUID } from 'node:crypto'
import type { IncomingMessage, Server as HttpServer } from 'node:http'
import { Server, type Namespace } from 'socket.io'
import type { LiveClientToServer, LiveEndReason, LiveServerToClient, Topic } from '@coreshift/shared/contract'
import type { OriginPolicy } from '../http/origin-policy.ts'
import { securityHeaders } from '../http/security-headers.ts'
import type { Identity, IdentityEnd } from '../identity/identity.ts'
import { isEndOf } from '../identity/identity.ts'
import type { Credentials, IdentityService } from '../identity/identity-service.ts'
import { refusalOf } from '../identity/rights.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { PacerClock } from './frame-pacer.ts'
import { createLiveHub } from './live-hub.ts'
import { createLiveSights, type LiveSight } from './live-sights.ts'
import { sharedMessage } from './shared-message.ts'
import { cutOff, watchBacklog } from './slow-consumer.ts'
import type { LiveSources } from './topic-sources.ts'
import { createViewerRegistry } from './viewer-registry.ts'
import { watchTopics, type LiveSocket, type SocketData } from './watch-topics.ts'

/** Largest message that a client may send, bytes: a watch request has some hundred. */
const MESSAGE_MAX_BYTES = 4_096
/** Connections that have not said who they are; more are refused. */
export const UNAUTHENTICATED_MAX = 200
/** Time to say who it is, ms. */
const CONNECT_TIMEOUT_MS = 5_000
/** Time for the last words of a connection that is ended, ms. */
const HARD_CLOSE_MS = 50
const PING_INTERVAL_MS = 25_000
const PING_TIMEOUT_MS = 20_000

interface LiveServerOptions {
  readonly server: HttpServer
  /** What somebody may see of the fleet; the same object for the same limit. */
  readonly sourcesFor: (identity: Identity | undefined) => LiveSources
  readonly identity: IdentityService
  readonly origins: OriginPolicy
  readonly logger: Logger
  readonly clock: PacerClock
  readonly nowMs: () => number
  /** True where browsers come by https. */
  readonly secure: boolean
  /** Told when a frame was given to a topic's viewers. */
  readonly onPublished?: (topic: Topic) => void
}

export interface LiveServer {
  /** Connections with an identity. */
  readonly sockets: () => number
  /** Topics that somebody watches. */
  readonly topics: () => number
  /** Packets that wait for the network, of all connections. */
  readonly queued: () => number
  /** Tells every viewer that the server stops, and closes all connections. */
  close(): Promise<void>
}

type NoEvents = Record<never, never>
type LiveNamespace = Namespace<LiveClientToServer, LiveServerToClient, NoEvents, SocketData>

const END_MESSAGES: Readonly<Record<LiveEndReason, string>> = {
  'session-ended': 'The session or its rights ended.',
  'not-permitted': 'This is not permitted any more.',
  'slow-consumer':
    'Changes came faster than this connection took them. Connect again to start from the present state.',
  'server-stopping': 'The server stops.',
}

/** The live view on socket.io, namespace `/live`: WebSocket only, text only. */
export function createLiveServer(options: LiveServerOptions): LiveServer {
  const { server, identity, origins, logger, nowMs } = options
  const viewers = createViewerRegistry({
    nowMs,
    onProblem: (message, err) => logger.error({ err }, message),
  })
  const io = new Server(server, {
    transports: ['websocket'],
    serveClient: false,
    maxHttpBufferSize: MESSAGE_MAX_BYTES,
    connectTimeout: CONNECT_TIMEOUT_MS,
    pingInterval: PING_INTERVAL_MS,
    pingTimeout: PING_TIMEOUT_MS,
    perMessageDeflate: false,
    allowRequest: (request, decide) => {
      const problem = handshakeProblem(request)
      decide(problem, problem === undefined)
    },
  })
  io.engine.use(securityHeaders(options))
  io.engine.use(refuseTakeOver)
  // Nothing lives in the default namespace.
  io.use((_socket, next) => next(new Error('use the namespace /live')))
  const namespace: LiveNamespace = io.of('/live')

  const sights = createLiveSights({
    sourcesFor: options.sourcesFor,
    makeHub: ({ sources, roomOf, onIdle }) =>
      createLiveHub({
        sources,
        clock: options.clock,
        firstRev: nowMs,
        newFeedId: randomUUID,
        onIdle,
        publish(change) {
          const send = sharedMessage(namespace.name, 'change', change)
          for (const viewer of viewersIn(roomOf(change.topic))) send(viewer)
          options.onPublished?.(change.topic)
        },
        onProblem(topic, err) {
          logger.error({ err, topic }, 'a topic could not be published; its viewers start anew')
          for (const socket of viewersIn(roomOf(topic))) end(socket, 'server-stopping')
        },
      }),
  })

  const backlogs = new Set<() => number>()

  function handshakeProblem({ headers }: IncomingMessage): string | undefined {
    if (headers.origin !== undefined && !origins.allows(headers.origin)) return 'origin-refused'
    return io.engine.clientsCount - viewers.size >= UNAUTHENTICATED_MAX ? 'too-many-connections' : undefined
  }

  function* viewersIn(room: string): Generator<LiveSocket> {
    for (const id of namespace.adapter.rooms.get(room) ?? []) {
      const socket = namespace.sockets.get(id)
      if (socket) yield socket
    }
  }

  function end(socket: LiveSocket, reason: LiveEndReason): void {
    socket.emit('ended', { reason, message: END_MESSAGES[reason] })
    if (socket.connected) socket.disconnect(true)
    else socket.conn.close()
    // A connection that does not read would stay half open behind its queue.
    setTimeout(() => socket.conn.close(true), HARD_CLOSE_MS).unref()
  }

  namespace.use(async (socket, next) => {
    let problem: Error | undefined
    try {
      problem = await admit(socket)
    } catch (err) {
      logger.error({ err }, 'who connects could not be read')
      problem = refusal('internal-error', 'Something went wrong in the server.')
    }
    next(problem)
  })

  /** Says who it is and remembers it, before the client learns that it is connected. */
  async function admit(socket: LiveSocket): Promise<Error | undefined> {
    const credentials = credentialsOf(socket)
    // An identity that ends while it is being read must not slip through.
    const ended: IdentityEnd[] = []
    const stopListening = identity.onEnd((one) => ended.push(one))
    let who: Identity | undefined
    try {
      who = credentials && (await identity.authenticate(credentials))
    } finally {
      stopListening()
    }
    if (!credentials || !who || ended.some((one) => who !== undefined && isEndOf(one, who))) {
      return refusal('unauthenticated', 'Sign in, or connect with a token.')
    }
    socket.data.identity = who
    const forget = viewers.add({
      identity: who,
      end: (reason) => end(socket, reason),
      stillWho: () => identity.authenticate(credentials),
    })
    socket.conn.once('close', forget)
    return undefined
  }

  namespace.on('connection', (socket) => {
    const { sight, leave } = sights.enter(socket.data.identity)
    const backlog = watchBacklog(socket.conn, () => {
      logger.warn(
        { who: socket.data.identity.name, address: socket.handshake.address },
        'a slow viewer was cut off',
      )
      cutOff(socket.conn, 'slow-consumer')
    })
    backlogs.add(backlog)
    watchTopics(socket, sight, (topic, err) => logger.error({ err, topic }, 'a topic could not be opened'))
    const stopNotices = tellNotices(socket, sight)
    socket.once('disconnect', () => {
      backlogs.delete(backlog)
      stopNotices()
      leave()
    })
  })

  function credentialsOf(socket: LiveSocket): Credentials | undefined {
    const { auth, headers } = socket.handshake
    const token: unknown = auth['token']
    if (typeof token === 'string') return { authorization: `Bearer ${token}` }
    if (headers.authorization !== undefined) return { authorization: headers.authorization }
    // A browser always says where it is; whoever comes with a cookie and without an origin is none.
    const fromOwnPage = headers.origin !== undefined && origins.allows(headers.origin)
    return headers.cookie !== undefined && fromOwnPage ? { cookie: headers.cookie } : undefined
  }

  const stopListening = identity.onEnd((one) => viewers.end(one))
  return {
    sockets: () => viewers.size,
    topics: () => sights.topics,
    queued: () => [...backlogs].reduce((sum, packets) => sum + packets(), 0),
    async close() {
      stopListening()
      for (const socket of namespace.sockets.values()) end(socket, 'server-stopping')
      sights.close()
      await io.close()
    },
  }
}

/** What a person asked to be told, wherever in the page they are. */
function tellNotices(socket: LiveSocket, { sources }: LiveSight): () => void {
  return sources.desk.onNotice((to, notice) => {
    const { kind, name } = socket.data.identity
    if (kind !== to.kind || name !== to.name) return
    if (refusalOf(socket.data.identity, 'see-resizes') === undefined) socket.emit('notice', notice)
  })
}

/**
 * engine.io lets a WebSocket take over a connection whose id it names, and does not ask `allowRequest` then (6.6,
 * `verify`). That is for clients that began with polling, which are none here.
 */
function refuseTakeOver(request: IncomingMessage, _response: unknown, next: (error?: Error) => void): void {
  const named = new URL(request.url ?? '/', 'http://local').searchParams.has('sid')
  next(named ? new Error('a connection cannot be taken over') : undefined)
}

/** socket.io hands `data` to the client's `connect_error`. */
function refusal(code: string, message: string): Error {
  return Object.assign(new Error(message), { data: { code, message } })
}
