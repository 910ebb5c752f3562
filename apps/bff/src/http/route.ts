import type { z } from 'zod'
import type { Actor, Reason } from '@coreshift/shared/contract'
import { Failure } from '../failure.ts'
import { actorOf, type Identity } from '../identity/identity.ts'
import type { Credentials } from '../identity/identity-service.ts'
import type { SignInContext } from '../identity/sign-in-context.ts'
import { REQUEST_HEADERS, type RequestHeader } from './request-headers.ts'
import type { Action } from '../identity/rights.ts'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** `public`: everybody; `signed-in`: every identity; else who may do that. */
type Access = 'public' | 'signed-in' | Action

/** A request before its parts are parsed. */
interface RawCall {
  readonly params: unknown
  readonly query: unknown
  readonly body: unknown
  readonly identity: Identity | undefined
  readonly credentials: Credentials
  readonly requestId: string
  readonly address: string | undefined
  readonly userAgent: string | undefined
  readonly headers: Readonly<Partial<Record<RequestHeader, string | undefined>>>
}

export interface Reply {
  readonly status: number
  /** JSON. */
  readonly body?: unknown
  /** True: the object in `body` is never changed, so that its text may be kept. Default: false. */
  readonly unchanging?: boolean
  readonly headers?: Readonly<Record<string, string>>
  /** `Set-Cookie` values. */
  readonly cookies?: readonly string[]
  /** Sent as it comes, instead of `body`. */
  readonly stream?: {
    readonly contentType: string
    readonly fileName?: string
    readonly chunks: AsyncIterable<string>
  }
}

/** A request with its parts parsed. */
interface Call<P, Q, B> {
  readonly params: P
  readonly query: Q
  readonly body: B
  /** Those that the route names, where they were sent. */
  readonly headers: Readonly<Partial<Record<RequestHeader, string>>>
  readonly credentials: Credentials
  readonly requestId: string
  readonly address: string | undefined
  /** From where the request comes, for a sign-in and what belongs to it. */
  readonly context: SignInContext
  /** Absent on public routes only. */
  readonly identity: Identity | undefined
  /** @throws Failure `unauthenticated` on a public route without identity */
  readonly who: () => Identity
  /** The same as the audit names it. */
  readonly actor: () => Actor
}

export interface Answer {
  readonly description: string
  /** Absent: no body, or one that is not JSON. */
  readonly schema?: z.ZodType
  readonly contentType?: string
}

interface RouteDefinition<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  readonly method: Method
  /** Below `/api/v1`, in Express's notation. */
  readonly path: string
  readonly access: Access
  /** What it does, for the API reference. */
  readonly summary: string
  readonly params?: P
  readonly query?: Q
  readonly body?: B
  /** Request headers that it heeds. */
  readonly headers?: readonly RequestHeader[]
  /** True: wrong attempts are counted per address and limited. */
  readonly limited?: boolean
  /** Reasons to name beside a body that cannot be parsed. */
  readonly reasonsForInvalid?: (issues: readonly z.core.$ZodIssue[]) => readonly Reason[]
  readonly answers: Readonly<Record<number, Answer>>
  handle(call: Call<z.output<P>, z.output<Q>, z.output<B>>): Promise<Reply>
}

/** One line of the table that rights, documentation and server are made from. */
export interface Route {
  readonly method: Method
  readonly path: string
  readonly access: Access
  readonly summary: string
  readonly params: z.ZodType | undefined
  readonly query: z.ZodType | undefined
  readonly body: z.ZodType | undefined
  readonly headers: readonly RequestHeader[]
  readonly limited: boolean
  readonly answers: Readonly<Record<number, Answer>>
  /** Parses and handles. @throws Failure */
  run(call: RawCall): Promise<Reply>
}

export function route<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>(
  definition: RouteDefinition<P, Q, B>,
): Route {
  const { params, query, body } = definition
  return {
    method: definition.method,
    path: definition.path,
    access: definition.access,
    summary: definition.summary,
    params,
    query,
    body,
    headers: definition.headers ?? [],
    limited: definition.limited ?? false,
    answers: definition.answers,
    async run(call) {
      const who = (): Identity => {
        if (call.identity) return call.identity
        throw new Failure('unauthenticated', 'Sign in, or send a token.')
      }
      // An address that cannot exist is the same answer as one that does not.
      const parsedParams = parsePart(
        params,
        call.params,
        () => new Failure('not-found', 'There is no such thing here.'),
      )
      const parsedQuery = parsePart(query, call.query, (issues) => invalid('The query', issues, []))
      const parsedBody = parsePart(body, call.body, (issues) =>
        invalid('The body', issues, definition.reasonsForInvalid?.(issues) ?? []),
      )
      return definition.handle({
        params: parsedParams,
        query: parsedQuery,
        body: parsedBody,
        headers: parsedHeaders(definition.headers ?? [], call.headers),
        credentials: call.credentials,
        requestId: call.requestId,
        address: call.address,
        context: { requestId: call.requestId, address: call.address, userAgent: call.userAgent },
        identity: call.identity,
        who,
        actor: () => actorOf(who(), call.address),
      })
    },
  }
}

/** @throws Failure `invalid-request` */
function parsedHeaders(
  known: readonly RequestHeader[],
  sent: RawCall['headers'],
): Partial<Record<RequestHeader, string>> {
  const parsed: Partial<Record<RequestHeader, string>> = {}
  for (const header of known) {
    const { name, schema } = REQUEST_HEADERS[header]
    const value = sent[header]
    if (value === undefined) continue
    parsed[header] = parsePart(schema, value, (issues) => invalid(`The header ${name}`, issues, []))
  }
  return parsed
}

/** A part without a schema is not read: its type is `unknown` and nobody looks at it. */
function parsePart<S extends z.ZodType>(
  schema: S | undefined,
  value: unknown,
  failure: (issues: readonly z.core.$ZodIssue[]) => Failure,
): z.output<S> {
  if (!schema) return undefined as z.output<S>
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw failure(parsed.error.issues)
  return parsed.data
}

function invalid(part: string, issues: readonly z.core.$ZodIssue[], reasons: readonly Reason[]): Failure {
  const named = issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }))
  const first = named[0]
  const where = first === undefined || first.path === '' ? '' : ` (${first.path})`
  return new Failure('invalid-request', `${part} is not valid${where}: ${first?.message ?? 'see issues'}`, {
    issues: named,
    reasons,
  })
}
