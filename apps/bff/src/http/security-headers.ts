import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { RequestHandler } from 'express'
import helmet from 'helmet'

interface SecurityHeadersOptions {
  /** True where browsers come by https. */
  readonly secure: boolean
}

/**
 * Headers of every answer. Scripts and styles come from this server's files only: none inline, none evaluated, and
 * text becomes markup nowhere (Trusted Types).
 */
export function securityHeaders(options: SecurityHeadersOptions): RequestHandler {
  const headers = headersOf(options)
  return (_request, response, next) => {
    for (const [name, value] of headers) response.setHeader(name, value)
    next()
  }
}

/** What helmet sets is the same for every answer: asked once, it does not cost every request a dozen calls. */
function headersOf({ secure }: SecurityHeadersOptions): readonly (readonly [string, string])[] {
  const answer = new ServerResponse(new IncomingMessage(new Socket()))
  const setAll = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        manifestSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        objectSrc: ["'none'"],
        requireTrustedTypesFor: ["'script'"],
        trustedTypes: ["'none'"],
        ...(secure ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    strictTransportSecurity: secure ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    xFrameOptions: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    crossOriginEmbedderPolicy: false,
  })
  setAll(answer.req, answer, (error?: unknown) => {
    if (error !== undefined) throw error
  })
  return answer.getHeaderNames().map((name) => [name, String(answer.getHeader(name))] as const)
}
