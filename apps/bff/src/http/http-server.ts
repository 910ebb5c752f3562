import { createServer, type RequestListener, type Server } from 'node:http'
import type { Duplex } from 'node:stream'

/** Bounds of requests and connections; a slow sender is cut off. */
export interface HttpLimits {
  /** Time for the headers, ms. */
  readonly headersTimeoutMs: number
  /** Time for headers and body, ms. */
  readonly requestTimeoutMs: number
  /** How often slow senders are looked for, ms. */
  readonly checkEveryMs: number
  /** Time of an idle connection, ms. */
  readonly keepAliveTimeoutMs: number
  /** All headers together, bytes. */
  readonly headerMaxBytes: number
  readonly headersMax: number
  /** Connections at once; more are closed before a byte is read. */
  readonly connectionsMax: number
}

export const HTTP_LIMITS: HttpLimits = Object.freeze({
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  checkEveryMs: 1_000,
  keepAliveTimeoutMs: 65_000,
  headerMaxBytes: 16_384,
  headersMax: 100,
  connectionsMax: 20_000,
})

/** Answer to what is no HTTP, in HTTP: nothing in it is for a browser to show. */
const BARE_HEADERS =
  "Connection: close\r\nContent-Length: 0\r\nContent-Security-Policy: default-src 'none'; require-trusted-types-for 'script'\r\nX-Content-Type-Options: nosniff\r\n\r\n"

/** A server that gives nobody more time or memory than a request needs. */
export function createBoundedServer(app: RequestListener, limits: HttpLimits = HTTP_LIMITS): Server {
  const server = createServer(
    {
      maxHeaderSize: limits.headerMaxBytes,
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      keepAliveTimeout: limits.keepAliveTimeoutMs,
      // Without this Node looks once in 30 s, however short the times above are.
      connectionsCheckingInterval: limits.checkEveryMs,
      insecureHTTPParser: false,
      requireHostHeader: true,
    },
    app,
  )
  server.maxHeadersCount = limits.headersMax
  server.maxConnections = limits.connectionsMax
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (!socket.writable || error.code === 'ECONNRESET') {
      socket.destroy()
      return
    }
    socket.end(`HTTP/1.1 ${statusLineOf(error.code)}\r\n${BARE_HEADERS}`)
  })
  return server
}

/** @param code of Node's parser */
function statusLineOf(code: string | undefined): string {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return '431 Request Header Fields Too Large'
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return '408 Request Timeout'
    default:
      return '400 Bad Request'
  }
}
