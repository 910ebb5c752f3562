import { randomUUID } from 'node:crypto'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Role } from '@coreshift/shared/contract'
import { createGuestOsDesk } from '../src/guest-os/guest-os-desk.ts'
import { createGuestOsPage } from '../src/guest-os/guest-os-page.ts'
import { createHttpApp } from '../src/http/app.ts'
import { createBoundedServer, type HttpLimits } from '../src/http/http-server.ts'
import { createOriginPolicy } from '../src/http/origin-policy.ts'
import type { OidcSettings } from '../src/identity/oidc/oidc-environment.ts'
import type { ApiServices } from '../src/http/services.ts'
import { createResizeKeys } from '../src/resize/resize-keys.ts'
import type { OperationStore } from '../src/resize/operation-store.ts'
import { createGuestOsRepository } from '../src/store/guest-os-repository.ts'
import { createIdempotencyRepository } from '../src/store/idempotency-repository.ts'
import type { Database } from '../src/store/database.ts'
import { createOperationRepository } from '../src/store/operation-repository.ts'
import { createSettingsRepository } from '../src/store/settings-repository.ts'
import { createAuditRepository } from '../src/store/audit-repository.ts'
import { createSettingsDesk } from '../src/settings/settings-desk.ts'
import { createLogger } from '../src/telemetry/logger.ts'
import { createMetrics } from '../src/telemetry/metrics.ts'
import { testDatabase } from './databases.ts'
import { ALICE } from './examples.ts'
import { fakeDoors, type FakeDoors } from './fake-doors.ts'
import { PASSWORD, cookieHeader, signIn, testPlatform, type TestPlatform } from './platform.ts'

/** The real application on a port of its own, over the doors in memory. */
export interface TestServer extends AsyncDisposable, TestPlatform {
  readonly url: string
  readonly server: Server
  readonly doors: FakeDoors
  readonly services: ApiServices
  readonly database: Database
  readonly operations: OperationStore
  /** Structured log lines. */
  readonly log: string[]
  readonly pageDirectory: string
  tokenFor(role: Role): Promise<string>
  cookieFor(name: string, role: Role): Promise<string>
  /** A new session of an account that exists. */
  cookieOf(name: string): Promise<string>
  /** A request with a bearer token. */
  call(method: string, path: string, options?: CallOptions): Promise<Response>
}

export interface CallOptions {
  readonly token?: string
  readonly cookie?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly redirect?: 'manual'
}

export interface TestServerOptions {
  readonly doors?: FakeDoors
  readonly oidc?: OidcSettings
  /** Bounds of requests other than the product's. */
  readonly limits?: HttpLimits
  /** Called with the server before it listens, e.g. to put the live view on it. */
  readonly extend?: (
    server: Server,
    parts: TestPlatform & { services: ApiServices; doors: FakeDoors },
  ) => () => Promise<void>
}

export async function testServer(options: TestServerOptions = {}): Promise<TestServer> {
  const database = await testDatabase('sqlite')
  let port = 0
  const platform = await testPlatform(database.database, {
    oidc: options.oidc && { settings: options.oidc, origin: () => `http://127.0.0.1:${port}` },
  })
  const doors = options.doors ?? fakeDoors()
  const repository = createAuditRepository(database.database)
  const shared = {
    database: database.database,
    audit: repository,
    onAudit: platform.audit.noteAppended,
    now: () => platform.clock.now.toISOString(),
  }
  const settings = await createSettingsDesk({ repository: createSettingsRepository(shared), now: shared.now })
  const matrix = await createGuestOsDesk({ store: createGuestOsRepository(shared), now: shared.now })
  const operations = createOperationRepository(shared)
  const guestOs = createGuestOsPage({ desk: matrix, vms: doors.vms, operations })
  const resizeKeys = createResizeKeys({
    repository: createIdempotencyRepository(database.database),
    newId: () => randomUUID(),
    now: () => platform.clock.now.getTime(),
  })
  const services: ApiServices = {
    ...doors,
    ...platform,
    settings,
    guestOs,
    resizeKeys,
    version: '0.0.0-test',
  }
  const log: string[] = []
  const pageDirectory = mkdtempSync(join(tmpdir(), 'coreshift-page-'))
  const app = createHttpApp({
    services,
    origins: createOriginPolicy({ publicOrigin: undefined, listening: () => ({ host: '127.0.0.1', port }) }),
    readiness: [],
    metrics: createMetrics({
      ...doors,
      liveSockets: () => 0,
      liveTopics: () => 0,
      liveQueue: () => 3,
      libvirtCalls: () => [{ host: 'alpha', inFlight: 2, queued: 1 }],
      pendingWrites: () => 4,
    }),
    logger: createLogger('trace', { write: (line) => log.push(line) }),
    pageDirectory,
    secure: false,
    behindProxy: false,
  })
  const server = createBoundedServer(app, options.limits)
  const stopExtension = options.extend?.(server, { ...platform, services, doors })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
  const url = `http://127.0.0.1:${port}`
  const cookieOf = async (name: string): Promise<string> =>
    cookieHeader((await signIn(platform.identity, name)).cookies)

  return {
    ...platform,
    url,
    server,
    doors,
    services,
    database: database.database,
    operations,
    log,
    pageDirectory,
    async tokenFor(role) {
      return (await platform.identity.tokens.create({ name: `test-${role}`, role }, ALICE)).secret
    },
    async cookieFor(name, role) {
      await platform.identity.accounts.create({ name, password: PASSWORD, role }, ALICE)
      return cookieOf(name)
    },
    cookieOf,
    call(method, path, { token, cookie, body, headers, redirect } = {}) {
      return fetch(url + path, {
        method,
        ...(redirect === undefined ? {} : { redirect }),
        headers: {
          ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
          ...(cookie === undefined ? {} : { Cookie: cookie }),
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
    },
    async [Symbol.asyncDispose]() {
      await stopExtension?.()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      rmSync(pageDirectory, { recursive: true, force: true })
      await database[Symbol.asyncDispose]()
    },
  }
}
