import type { IncomingMessage, Server as HttpServer } from 'node:http'
import { Server, type Namespace, type Socket } from 'socket.io'
import {
  Topic,
  UnwatchRequest,
  WatchRequest,
  type LiveClientToServer,
  type LiveEndReason,
  type LiveServerToClient,
  type WatchAnswer,
} from '@coreshift/shared/contract'
import type { OriginPolicy } from '../http/origin-policy.ts'
import { securityHeaders } from '../http/security-headers.ts'
import type { Identity, IdentityEnd } from '../identity/identity.ts'
import { isEndOf } from '../identity/identity.ts'
import type { Credentials, IdentityService } from '../identity/identity-service.ts'
import { refusalOf, type Action } from '../identity/rights.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { PacerClock } from './frame-pacer.ts'
import { createLiveHub } from './live-hub.ts'
import { cutOff, watchBacklog } from './slow-consumer.ts'
import type { LiveSources } from './topic-sources.ts'
import { createViewerRegistry } from './viewer-registry.ts'

/** Largest message that a client may send, bytes: a watch request has some hundred. */
const MESSAGE_MAX_BYTES = 4_096
/** Topics that one connection may watch. */
export const TOPICS_PER_SOCKET_MAX = 100
/** Connections that have not said who they are; more are refused. */
export const UNAUTHENTICATED_MAX = 200
/** Time to say who it is, ms. */
const CONNECT_TIMEOUT_MS = 5_000
/** Time for the last words of a connection that is ended, ms. */
const HARD_CLOSE_MS = 50
const PING_INTERVAL_MS = 25_000
const PING_TIMEOUT_MS = 20_000

export interface LiveServerOptions {
  readonly server: HttpServer
  readonly sources: LiveSources
  readonly identity: IdentityService
  readonly origins: OriginPolicy
  readonly logger: Logger
  readonly clock: PacerClock
  readonly nowMs: () => number
  /** True where browsers come by https. */
  readonly secure: boolean
}

export interface LiveServer {
  /** Connections with an identity. */
  readonly sockets: () => number
  /** Topics that somebody watches. */
  readonly topics: () => number
  /** Tells every viewer that the server stops, and closes all connections. */
  close(): Promise<void>
}

interface SocketData {
  identity: Identity
}

type NoEvents = Record<never, never>
type LiveNamespace = Namespace<LiveClientToServer, LiveServerToClient, NoEvents, SocketData>
type LiveSocket = Socket<LiveClientToServer, LiveServerToClient, NoEvents, SocketData>

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
  // Nothing lives in the default namespace.
  io.use((_socket, next) => next(new Error('use the namespace /live')))
  const namespace: LiveNamespace = io.of('/live')

  const hub = createLiveHub({
    sources: options.sources,
    clock: options.clock,
    firstRev: nowMs,
    publish: (change) => namespace.to(change.topic).emit('change', change),
    onProblem(topic, err) {
      logger.error({ err, topic }, 'a topic could not be published; its viewers start anew')
      for (const socket of viewersOf(topic)) end(socket, 'server-stopping')
    },
  })

  function handshakeProblem({ headers }: IncomingMessage): string | undefined {
    if (headers.origin !== undefined && !origins.allows(headers.origin)) return 'origin-refused'
    return io.engine.clientsCount - viewers.size >= UNAUTHENTICATED_MAX ? 'too-many-connections' : undefined
  }

  function* viewersOf(topic: string): Generator<LiveSocket> {
    for (const id of namespace.adapter.rooms.get(topic) ?? []) {
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
    const watched = new Set<Topic>()
    watchBacklog(socket.conn, () => {
      logger.warn(
        { who: socket.data.identity.name, address: socket.handshake.address },
        'a slow viewer was cut off',
      )
      cutOff(socket.conn, 'slow-consumer')
    })

    /** @param answer called exactly once, before the first change of the topic */
    async function watch(request: unknown, answer: (answer: WatchAnswer) => void): Promise<void> {
      const parsed = WatchRequest.safeParse(request)
      if (!parsed.success) {
        answer(
          failed(topicIn(request), 'invalid-topic', 'Topics are fleet, resizes, audit, hosts and vm:UUID.'),
        )
        return
      }
      const { topic } = parsed.data
      const problem = watchProblem(topic)
      if (problem) {
        answer(problem)
        return
      }
      const again = watched.has(topic)
      watched.add(topic)
      try {
        await hub.enter(topic, ({ rev, value }) => {
          if (!watched.has(topic)) {
            answer(failed(topic, 'not-found', 'The topic was left before it was opened.'))
            return
          }
          answer({ ok: true, topic, rev, snapshot: value })
          // The adapter in memory joins before it returns; the promise is for adapters over a network.
          void socket.join(topic)
        })
        // It has entered once more than it will leave.
        if (again) hub.leave(topic)
      } catch (err) {
        if (!again) watched.delete(topic)
        logger.error({ err, topic }, 'a topic could not be opened')
        answer(failed(topic, 'internal-error', 'Something went wrong in the server.'))
      }
    }

    function watchProblem(topic: Topic): WatchAnswer | undefined {
      const refusal = refusalOf(socket.data.identity, actionOf(topic))
      if (refusal) return failed(topic, 'not-permitted', refusal.message)
      if (!watched.has(topic) && watched.size >= TOPICS_PER_SOCKET_MAX) {
        return failed(topic, 'too-many-topics', `One connection may watch ${TOPICS_PER_SOCKET_MAX} topics.`)
      }
      return isUnknownVm(topic) ? failed(topic, 'not-found', 'There is no such VM.') : undefined
    }

    function unwatch(request: unknown): boolean {
      const parsed = UnwatchRequest.safeParse(request)
      if (!parsed.success || !watched.delete(parsed.data.topic)) return false
      void socket.leave(parsed.data.topic)
      hub.leave(parsed.data.topic)
      return true
    }

    socket.on('watch', (request: unknown, answer: unknown) => {
      void watch(request, acknowledging(answer))
    })
    socket.on('unwatch', (request: unknown, answer: unknown) => {
      acknowledging(answer)({ ok: unwatch(request) })
    })
    socket.onAny((event: unknown, ...values: unknown[]) => {
      if (event !== 'watch' && event !== 'unwatch') acknowledging(values.at(-1))({ ok: false })
    })
    socket.once('disconnect', () => {
      for (const topic of watched) hub.leave(topic)
      watched.clear()
    })
  })

  function isUnknownVm(topic: Topic): boolean {
    return topic.startsWith('vm:') && options.sources.vms.summary(topic.slice('vm:'.length)) === undefined
  }

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
    topics: () => hub.topics,
    async close() {
      stopListening()
      for (const socket of namespace.sockets.values()) end(socket, 'server-stopping')
      hub.close()
      await io.close()
    },
  }
}

function actionOf(topic: Topic): Action {
  switch (topic) {
    case 'audit':
      return 'see-audit'
    case 'hosts':
      return 'see-hosts'
    case 'resizes':
      return 'see-resizes'
    default:
      return 'see-vms'
  }
}

type WatchFailure = Extract<WatchAnswer, { ok: false }>

function failed(topic: string, code: WatchFailure['code'], message: string): WatchFailure {
  return { ok: false, topic, code, message }
}

/** What the client called a topic, for the answer: whatever it sent. */
function topicIn(request: unknown): string {
  const topic =
    typeof request === 'object' && request !== null && 'topic' in request ? request.topic : undefined
  return typeof topic === 'string' ? topic.slice(0, 100) : ''
}

/** Clients may leave the acknowledgement out, and may send anything in its place. */
function acknowledging(answer: unknown): (value: object) => void {
  return (value) => {
    if (typeof answer === 'function') Reflect.apply(answer, undefined, [value])
  }
}

/** socket.io hands `data` to the client's `connect_error`. */
function refusal(code: string, message: string): Error {
  return Object.assign(new Error(message), { data: { code, message } })
}
