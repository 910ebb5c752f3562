import type { Socket } from 'socket.io'
import {
  Topic,
  UnwatchRequest,
  WatchRequest,
  type LiveClientToServer,
  type LiveServerToClient,
  type WatchAnswer,
} from '@coreshift/shared/contract'
import type { Identity } from '../identity/identity.ts'
import { refusalOf, type Action } from '../identity/rights.ts'
import type { LiveSight } from './live-sights.ts'

/** Topics that one connection may watch. */
export const TOPICS_PER_SOCKET_MAX = 100

export interface SocketData {
  identity: Identity
}

type NoEvents = Record<never, never>
export type LiveSocket = Socket<LiveClientToServer, LiveServerToClient, NoEvents, SocketData>

/** The right that a topic needs, for every topic there is. */
export const TOPIC_ACTIONS = {
  fleet: 'see-vms',
  vm: 'see-vms',
  resizes: 'see-resizes',
  audit: 'see-audit',
  hosts: 'see-hosts',
} as const satisfies Readonly<Record<Exclude<Topic, `vm:${string}`> | 'vm', Action>>

/**
 * Lets one viewer watch topics of its sight.
 * @param onProblem told when a topic could not be opened
 */
export function watchTopics(
  socket: LiveSocket,
  { hub, sources, roomOf }: LiveSight,
  onProblem: (topic: Topic, cause: unknown) => void,
): void {
  const watched = new Set<Topic>()

  /** @param answer called exactly once, before the first change of the topic */
  async function watch(request: unknown, answer: (answer: WatchAnswer) => void): Promise<void> {
    const parsed = WatchRequest.safeParse(request)
    if (!parsed.success) {
      answer(
        failed(topicIn(request), 'invalid-topic', 'Topics are fleet, resizes, audit, hosts and vm:UUID.'),
      )
      return
    }
    const { topic, held } = parsed.data
    const problem = watchProblem(topic)
    if (problem) {
      answer(problem)
      return
    }
    const again = watched.has(topic)
    watched.add(topic)
    try {
      await hub.enter(topic, held, (start) => {
        if (!watched.has(topic)) {
          answer(failed(topic, 'not-found', 'The topic was left before it was opened.'))
          return
        }
        answer({ ok: true, topic, ...start })
        // The adapter in memory joins before it returns; the promise is for adapters over a network.
        void socket.join(roomOf(topic))
      })
      // It has entered once more than it will leave.
      if (again) hub.leave(topic)
    } catch (cause) {
      if (!again) watched.delete(topic)
      onProblem(topic, cause)
      answer(failed(topic, 'internal-error', 'Something went wrong in the server.'))
    }
  }

  function watchProblem(topic: Topic): WatchAnswer | undefined {
    const refusal = refusalOf(socket.data.identity, actionOf(topic))
    if (refusal) return failed(topic, 'not-permitted', refusal.message)
    if (!watched.has(topic) && watched.size >= TOPICS_PER_SOCKET_MAX) {
      return failed(topic, 'too-many-topics', `One connection may watch ${TOPICS_PER_SOCKET_MAX} topics.`)
    }
    const isUnknownVm =
      topic.startsWith('vm:') && sources.vms.summary(topic.slice('vm:'.length)) === undefined
    return isUnknownVm ? failed(topic, 'not-found', 'There is no such VM.') : undefined
  }

  function unwatch(request: unknown): boolean {
    const parsed = UnwatchRequest.safeParse(request)
    if (!parsed.success || !watched.delete(parsed.data.topic)) return false
    void socket.leave(roomOf(parsed.data.topic))
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
}

function actionOf(topic: Topic): Action {
  switch (topic) {
    case 'audit':
    case 'fleet':
    case 'hosts':
    case 'resizes':
      return TOPIC_ACTIONS[topic]
    default:
      return TOPIC_ACTIONS.vm
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
