import type { Server } from 'node:http'
import { perLimit } from './access/limited-services.ts'
import type { ListenAddress } from './config.ts'
import { createHttpApp } from './http/app.ts'
import { createBoundedServer } from './http/http-server.ts'
import { createOriginPolicy } from './http/origin-policy.ts'
import type { ReadinessCheck } from './http/readiness.ts'
import type { ApiServices } from './http/services.ts'
import { realClock } from './live/frame-pacer.ts'
import { createLiveServer } from './live/live-server.ts'
import type { Logger } from './telemetry/logger.ts'
import { createEventLag } from './telemetry/event-lag.ts'
import { createMetrics, type MetricSources } from './telemetry/metrics.ts'

/** Answers in flight get this long to finish when the server stops. */
const DRAIN_MS = 5_000

interface ServeOptions {
  readonly listen: ListenAddress
  readonly publicOrigin: string | undefined
  readonly services: ApiServices
  readonly readiness: readonly ReadinessCheck[]
  readonly logger: Logger
  readonly pageDirectory: string
  /** What `/metrics` tells beside what the doors know. */
  readonly figures: ServerFigures
}

interface ServerFigures extends Pick<MetricSources, 'libvirtCalls' | 'pendingWrites'> {
  /** Hears of every event of libvirt about a VM, as it arrives. */
  readonly onEvent: (listener: (vm: string) => void) => () => void
}

interface RunningServer {
  /** Address for a browser on this machine, or the public one. */
  readonly url: string
  /** Lets answers in flight finish, within a bound, and closes everything. */
  stop(): Promise<void>
}

/**
 * Opens the doors: REST, live view and page on one port.
 * @throws when the address cannot be listened on
 */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const { listen, publicOrigin, services, logger } = options
  const secure = publicOrigin?.startsWith('https:') ?? false
  let port = listen.port
  const origins = createOriginPolicy({ publicOrigin, listening: () => ({ host: listen.host, port }) })
  const metrics = createMetrics({
    ...services,
    ...options.figures,
    liveSockets: () => live.sockets(),
    liveTopics: () => live.topics(),
    liveQueue: () => live.queued(),
  })
  const lag = createEventLag(() => performance.now(), metrics.observeEventLag)
  const forgetLag = [options.figures.onEvent(lag.heard), services.vms.onChange(lag.shown)]
  const app = createHttpApp({
    services,
    origins,
    readiness: options.readiness,
    metrics,
    logger,
    pageDirectory: options.pageDirectory,
    secure,
    behindProxy: publicOrigin !== undefined,
  })
  const server = createBoundedServer(app)
  const live = createLiveServer({
    server,
    sourcesFor: perLimit(services, (limited) => limited),
    identity: services.identity,
    origins,
    logger,
    clock: realClock,
    nowMs: Date.now,
    secure,
    onPublished: lag.published,
  })
  port = await listening(server, listen)

  return {
    url: publicOrigin ?? `http://${browserHost(listen.host)}:${port}`,
    async stop() {
      for (const forget of forgetLag) forget()
      // The live view closes the server itself; it takes no new requests from here on.
      const closed = live.close()
      server.closeIdleConnections()
      const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS)
      await closed
      clearTimeout(cut)
    },
  }
}

function listening(server: Server, { host, port }: ListenAddress): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

/** "Every address" is none that a browser could open. */
function browserHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}
