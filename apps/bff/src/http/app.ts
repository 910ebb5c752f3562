import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Response } from 'express'
import { rateLimit } from 'express-rate-limit'
import { perLimit } from '../access/limited-services.ts'
import { systemClock } from '../clock.ts'
import { Failure } from '../failure.ts'
import type { Identity } from '../identity/identity.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { API_REFERENCE_CSS, apiReferencePage } from './api-reference.ts'
import { apiRoutes } from './api-routes.ts'
import { refuseCrossSite } from './cross-site-guard.ts'
import { openApiDocument } from './openapi.ts'
import { ovirtDoor } from './ovirt/ovirt-door.ts'
import { OVIRT_BASE } from './ovirt/vm-element.ts'
import type { OriginPolicy } from './origin-policy.ts'
import { toProblem } from './problem.ts'
import { readinessOf, type ReadinessCheck } from './readiness.ts'
import type { Route } from './route.ts'
import { contextOf, routeHandler, startContext } from './route-handler.ts'
import { securityHeaders } from './security-headers.ts'
import type { ApiServices } from './services.ts'
import { staticPage } from './static-page.ts'

const API_BASE = '/api/v1'

/** Wrong attempts at a door without identity, per address. */
const ATTEMPTS_MAX = 30
const ATTEMPTS_WINDOW_MS = 5 * 60_000

interface HttpAppOptions {
  readonly services: ApiServices
  readonly origins: OriginPolicy
  readonly readiness: readonly ReadinessCheck[]
  readonly metrics: Metrics
  readonly logger: Logger
  /** The page's build folder. */
  readonly pageDirectory: string
  /** True where browsers come by https, through a proxy on this machine. */
  readonly secure: boolean
  /** Trust `X-Forwarded-For` of a proxy on this machine. */
  readonly behindProxy: boolean
}

/** The whole HTTP side in one readable order. */
export function createHttpApp(options: HttpAppOptions): Express {
  const { services, origins, logger, metrics } = options
  const app = express()
  app.disable('x-powered-by')
  app.set('query parser', 'simple')
  app.set('etag', false)
  app.set('trust proxy', options.behindProxy ? 'loopback' : false)

  app.use(startContext)
  app.use(observed(metrics, logger))
  app.use(securityHeaders(options))

  app.get('/healthz', (_request, response) => {
    contextOf(response).route = '/healthz'
    response.setHeader('Cache-Control', 'no-store')
    response.json({ ok: true })
  })
  app.get('/readyz', async (_request, response) => {
    contextOf(response).route = '/readyz'
    response.setHeader('Cache-Control', 'no-store')
    const state = await readinessOf(options.readiness)
    response.status(state.ready ? 200 : 503).json(state)
  })
  app.get('/metrics', async (_request, response) => {
    contextOf(response).route = '/metrics'
    const { contentType, text } = await metrics.render()
    response.setHeader('Content-Type', contentType).end(text)
  })

  app.use('/api', (request, response, next) => {
    response.setHeader('Cache-Control', 'no-store')
    refuseCrossSite(request.method, request.headers, origins)
    next()
  })
  const routesFor = perLimit(services, apiRoutes)
  const routes = routesFor(undefined)
  const document = openApiDocument(routes, services.version)
  app.get('/api/openapi.json', (_request, response) => {
    contextOf(response).route = '/api/openapi.json'
    response.json(document)
  })
  const reference = apiReferencePage(routes, services.version)
  app.get('/api/docs', (_request, response) => {
    contextOf(response).route = '/api/docs'
    response.type('html').send(reference)
  })
  app.get('/api/docs.css', (_request, response) => {
    contextOf(response).route = '/api/docs.css'
    response.type('css').send(API_REFERENCE_CSS)
  })
  const limiter = attemptLimiter()
  for (const [index, route] of routes.entries()) {
    const routeFor = (identity: Identity | undefined): Route => {
      const own = routesFor(identity)[index]
      if (own) return own
      throw new Error(`a limited role has no route ${route.path}`)
    }
    const handlers = [...(route.limited ? [limiter] : []), routeHandler(route, routeFor, services.identity)]
    app[expressMethod(route.method)](API_BASE + route.path, ...handlers)
  }
  for (const path of new Set(routes.map((route) => route.path))) {
    app.all(API_BASE + path, (_request, response) => {
      const allowed = routes.filter((route) => route.path === path).map((route) => route.method)
      response.setHeader('Allow', allowed.join(', '))
      throw new Failure('method-not-allowed', `Here the methods ${allowed.join(', ')} are known.`)
    })
  }
  app.use('/api', () => {
    throw new Failure('not-found', 'There is no such address in the API. /api/openapi.json lists all.')
  })

  const wrongPasswords = attemptLimiter(({ statusCode }) => statusCode !== 401)
  app.use(OVIRT_BASE, ovirtDoor({ services, origins, clock: systemClock, logger, limiter: wrongPasswords }))

  app.use(staticPage(options.pageDirectory))
  app.use(problemAnswer(logger))
  return app
}

function expressMethod(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE') {
  switch (method) {
    case 'GET':
      return 'get'
    case 'POST':
      return 'post'
    case 'PUT':
      return 'put'
    case 'PATCH':
      return 'patch'
    case 'DELETE':
      return 'delete'
  }
}

/** Counts what was refused only: a script that signs in often is no attack. */
function attemptLimiter(
  harmless: (response: Response) => boolean = ({ statusCode }) => statusCode < 400,
): RequestHandler {
  return rateLimit({
    windowMs: ATTEMPTS_WINDOW_MS,
    limit: ATTEMPTS_MAX,
    skipSuccessfulRequests: true,
    requestWasSuccessful: (_request, response) => harmless(response),
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // Whether the header is believed was decided above; a stranger who sends it is not worth a message.
    validate: { xForwardedForHeader: false },
    handler: (_request, _response, next) => {
      next(
        new Failure('rate-limited', 'Too many wrong attempts from this address. Try again in a few minutes.'),
      )
    },
  })
}

function observed(metrics: Metrics, logger: Logger): RequestHandler {
  return (request, response, next) => {
    const started = performance.now()
    response.once('close', () => {
      const { requestId, route, identity } = contextOf(response)
      const ms = performance.now() - started
      const status = response.statusCode
      metrics.observeRequest({ method: request.method, route, status, seconds: ms / 1000 })
      const level = status >= 500 ? 'error' : request.method === 'GET' ? 'debug' : 'info'
      if (!logger.isLevelEnabled(level)) return
      const line = {
        requestId,
        method: request.method,
        route,
        status,
        ms: Math.round(ms * 10) / 10,
        who: identity?.name,
        address: request.ip,
      }
      logger[level](line, status >= 500 ? 'request failed' : 'request')
    })
    next()
  }
}

function problemAnswer(logger: Logger): ErrorRequestHandler {
  return (error: unknown, _request, response, _next) => {
    const { requestId } = contextOf(response)
    const problem = toProblem(error, requestId)
    if (problem.status >= 500) logger.error({ requestId, err: error }, 'request failed')
    if (response.headersSent) {
      // Half an answer is out: cutting the connection is the only way left to say that it is not whole.
      response.destroy()
      return
    }
    if (problem.code === 'unauthenticated') response.setHeader('WWW-Authenticate', 'Bearer realm="coreshift"')
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem))
  }
}
