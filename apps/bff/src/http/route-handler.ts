import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import express, { type Request, type RequestHandler, type Response } from 'express'
import { Failure } from '../failure.ts'
import type { Credentials, IdentityService } from '../identity/identity-service.ts'
import type { Identity } from '../identity/identity.ts'
import { requireRight } from '../identity/rights.ts'
import type { Reply, Route } from './route.ts'

/** Bodies are a few hundred bytes; the longest member, a description, has 8 192 characters. */
const BODY_LIMIT_BYTES = 65_536

const JSON_TYPES = ['application/json', 'application/merge-patch+json']

const parseJson = express.json({ limit: BODY_LIMIT_BYTES, type: JSON_TYPES, strict: true, inflate: false })

/** What is known of a request beside what Express knows. */
interface RequestContext {
  readonly requestId: string
  /** Pattern of the matched route, for figures and logs: never a real address. */
  route: string
  identity: Identity | undefined
}

const contexts = new WeakMap<Response, RequestContext>()

/** Gives every request an id and the answer the same one. */
export const startContext: RequestHandler = (_request, response, next) => {
  const requestId = randomUUID()
  contexts.set(response, { requestId, route: 'other', identity: undefined })
  response.setHeader('X-Request-Id', requestId)
  next()
}

export function contextOf(response: Response): RequestContext {
  const context = contexts.get(response)
  if (!context) throw new Error('a handler ran before startContext')
  return context
}

function credentialsOf(request: Request): Credentials {
  return { authorization: request.headers.authorization, cookie: request.headers.cookie }
}

/**
 * Identity, rights, body, then the route itself: in this order, so that strangers cost little.
 * @param route what everybody may read of it
 * @param routeFor the same route with the services that the identity may use
 */
export function routeHandler(
  route: Route,
  routeFor: (identity: Identity | undefined) => Route,
  identity: IdentityService,
): RequestHandler {
  return async (request, response) => {
    const context = contextOf(response)
    context.route = route.path
    const credentials = credentialsOf(request)
    if (route.access !== 'public') {
      context.identity = await identity.authenticate(credentials)
      refuseUnlessAllowed(route, context.identity)
    }
    const reply = await routeFor(context.identity).run({
      params: request.params,
      query: request.query,
      body: route.body ? await bodyOf(request, response) : undefined,
      identity: context.identity,
      credentials,
      requestId: context.requestId,
      address: request.ip,
      userAgent: request.headers['user-agent'],
      headers: { ifMatch: request.get('If-Match'), idempotencyKey: request.get('Idempotency-Key') },
    })
    await send(reply, response)
  }
}

function refuseUnlessAllowed({ access }: Route, who: Identity | undefined): void {
  if (!who) throw new Failure('unauthenticated', 'Sign in, or send a token as "Authorization: Bearer TOKEN".')
  if (access !== 'public' && access !== 'signed-in') requireRight(who, access)
}

async function bodyOf(request: Request, response: Response): Promise<unknown> {
  const hasBody =
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0
  if (!hasBody) return undefined
  if (!request.is(JSON_TYPES)) {
    throw new Failure(
      'unsupported-media-type',
      'Send the body as JSON, with "Content-Type: application/json".',
    )
  }
  await new Promise<void>((resolve, reject) => {
    parseJson(request, response, (error?: unknown) =>
      error === undefined ? resolve() : reject(asError(error)),
    )
  })
  const body: unknown = request.body
  return body
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}

async function send(reply: Reply, response: Response): Promise<void> {
  response.status(reply.status)
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value)
  if (reply.cookies !== undefined && reply.cookies.length > 0)
    response.setHeader('Set-Cookie', [...reply.cookies])
  if (reply.stream) {
    const { contentType, fileName, chunks } = reply.stream
    response.setHeader('Content-Type', contentType)
    if (fileName !== undefined)
      response.setHeader('Content-Disposition', `attachment; filename="${fileName}"`)
    await pipeline(Readable.from(chunks), response)
    return
  }
  if (reply.body === undefined) response.end()
  else sendJson(jsonOf(reply), response)
}

/** Texts of answers that never change, for as long as somebody holds the answer. */
const keptTexts = new WeakMap<object, string>()

function jsonOf({ body, unchanging }: Reply): string {
  if (unchanging !== true || typeof body !== 'object' || body === null) return JSON.stringify(body)
  const kept = keptTexts.get(body)
  if (kept !== undefined) return kept
  const text = JSON.stringify(body)
  keptTexts.set(body, text)
  return text
}

/** Like Express's `json`, without looking for what no answer of the API has: other types, other character sets. */
function sendJson(text: string, response: Response): void {
  const { req: request } = response
  // Also asks for the status and the method.
  if (request.headers['if-none-match'] !== undefined && request.fresh) {
    response.status(304).end()
    return
  }
  response.setHeader('Content-Type', 'application/json; charset=utf-8')
  const bytes = Buffer.byteLength(text)
  response.setHeader('Content-Length', bytes)
  // Text without any character beyond ASCII is the same bytes, and Node copies those several times as fast.
  response.end(text, bytes === text.length ? 'latin1' : 'utf8')
}
