import type { Problem } from '@coreshift/shared/contract'
import { AnswerNotUnderstood, ApiProblem, ServerUnreachable } from './api-failure.ts'

const BASE = '/api/v1'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** What the page needs of the network; the browser's `fetch` fits. */
type Fetch = (path: string, init: RequestInit) => Promise<Response>

interface HttpClientParts {
  readonly fetch: Fetch
  /** Called with the server's clock (its Date header) whenever an answer carries one. */
  readonly onServerTime?: (serverTime: Date) => void
  /** Called when the server no longer knows the session. */
  readonly onUnauthenticated?: () => void
}

export interface HttpClient {
  /**
   * One request to the API.
   * @param path below `/api/v1`, with its query
   * @param keys members that the answer must have; guards against a server of another version
   * @throws ApiProblem the server refused; ServerUnreachable no answer; AnswerNotUnderstood
   */
  request<T>(method: Method, path: string, options?: RequestOptions<T>): Promise<T>
}

interface RequestOptions<T> {
  readonly body?: unknown
  readonly keys?: readonly (keyof T & string)[]
  readonly signal?: AbortSignal
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isProblem(value: unknown): value is Problem {
  return isObject(value) && typeof value['code'] === 'string' && typeof value['status'] === 'number'
}

/** A problem for answers without a body of ours, such as those of a proxy in between. */
function bareProblem(response: Response): Problem {
  return {
    type: 'about:blank',
    title: response.statusText || `Status ${response.status}`,
    status: response.status,
    code: response.status === 401 ? 'unauthenticated' : 'internal-error',
    detail: `The server answered with status ${response.status} and no explanation.`,
  }
}

async function readBody(response: Response, path: string): Promise<unknown> {
  const text = await response.text()
  if (text === '') return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    if (!response.ok) return undefined
    throw new AnswerNotUnderstood(path, 'it is not JSON')
  }
}

export function createHttpClient(parts: HttpClientParts): HttpClient {
  async function send(method: Method, path: string, body: unknown, signal: AbortSignal | undefined) {
    try {
      return await parts.fetch(BASE + path, {
        method,
        credentials: 'same-origin',
        headers: {
          Accept: 'application/json, application/problem+json',
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal ? { signal } : {}),
      })
    } catch (error) {
      if (signal?.aborted) throw error
      throw new ServerUnreachable(error)
    }
  }

  return {
    async request<T>(method: Method, path: string, options: RequestOptions<T> = {}) {
      const response = await send(method, path, options.body, options.signal)
      const date = response.headers.get('date')
      if (date) parts.onServerTime?.(new Date(date))
      const body = await readBody(response, path)
      if (!response.ok) {
        const problem = isProblem(body) ? body : bareProblem(response)
        if (problem.code === 'unauthenticated') parts.onUnauthenticated?.()
        throw new ApiProblem(problem)
      }
      const missing = (options.keys ?? []).filter((key) => !isObject(body) || !(key in body))
      if (missing.length > 0) throw new AnswerNotUnderstood(path, `without ${missing.join(', ')}`)
      return body as T
    },
  }
}
