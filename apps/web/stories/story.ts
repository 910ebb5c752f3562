import type { QueryClient } from '@tanstack/react-query'
import type { Session, TopicSnapshots } from '@coreshift/shared/contract'
import { CONNECTION_KEY, type Connection } from '../src/live/connection.ts'
import { LIVE_KEY } from '../src/live/live-topics.ts'
import { SESSION_KEY } from '../src/data/session-query.ts'
import { NOW, SESSION } from './fixtures.ts'

/** An answer of the pretended server: a body, a problem, or none at all. */
export type Answer =
  | { readonly json: unknown; readonly status?: number }
  | { readonly never: true }
  | { readonly unreachable: true }

/** One state of one screen. `server` answers `METHOD /path`; the longest fitting prefix wins. */
export interface Story {
  readonly path: string
  readonly session?: Session
  readonly connection?: Connection
  readonly live?: Readonly<Record<string, TopicSnapshots[keyof TopicSnapshots]>>
  /** A topic that never comes, or is refused. */
  readonly liveAnswer?: 'never' | Error
  readonly server?: (method: string, path: string, body: unknown) => Answer | undefined
}

/** Stories of one screen by name. */
export type Stories = Readonly<Record<string, Story>>

export function seed(story: Story, queryClient: QueryClient): void {
  queryClient.setQueryData(SESSION_KEY, story.session ?? SESSION)
  queryClient.setQueryData<Connection>(
    CONNECTION_KEY,
    story.connection ?? { state: 'live', since: NOW - 60_000 },
  )
  for (const [topic, snapshot] of Object.entries(story.live ?? {})) {
    queryClient.setQueryData([LIVE_KEY, topic], snapshot)
  }
  const { liveAnswer } = story
  queryClient.setQueryDefaults([LIVE_KEY], {
    retry: false,
    queryFn: () =>
      liveAnswer instanceof Error ? Promise.reject(liveAnswer) : new Promise<never>(() => undefined),
  })
}

/** `fetch` with the story's server behind it. */
export function fetchOf(story: Story): (path: string, init: RequestInit) => Promise<Response> {
  return (path, init) => {
    const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : undefined
    const answer = story.server?.(init.method ?? 'GET', path.replace('/api/v1', ''), body)
    if (!answer)
      return Promise.resolve(problem(404, 'not-found', `The story has no answer for ${init.method} ${path}.`))
    if ('never' in answer) return new Promise(() => undefined)
    if ('unreachable' in answer) return Promise.reject(new TypeError('Failed to fetch'))
    return Promise.resolve(
      new Response(JSON.stringify(answer.json), {
        status: answer.status ?? 200,
        headers: { 'content-type': 'application/json' },
      }),
    )
  }
}

export function problemBody(status: number, code: string, detail: string, title = 'It did not work') {
  return { json: { type: 'about:blank', title, status, code, detail }, status }
}

function problem(status: number, code: string, detail: string): Response {
  return new Response(JSON.stringify(problemBody(status, code, detail).json), { status })
}
