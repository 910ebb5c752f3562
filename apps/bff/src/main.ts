import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from '@coreshift/libvirt'
import { systemClock } from './clock.ts'
import { composeDoors } from './compose-doors.ts'
import { ConfigError, readConfig, type Config } from './config.ts'
import type { DemoDoor } from './demo/demo-door.ts'
import { createGuestOsDesk } from './guest-os/guest-os-desk.ts'
import { hasLocalLibvirt } from './hosts/find-local-socket.ts'
import type { FixedHost } from './hosts/host-manager.ts'
import { createIdentityService } from './identity/identity-service.ts'
import { readOrCreateSigningKey } from './secrets/signing-key.ts'
import { keepAudit } from './keep-audit.ts'
import { openStore } from './open-store.ts'
import { createResizeKeys } from './resize/resize-keys.ts'
import { serve } from './serve.ts'
import { createSettingsDesk } from './settings/settings-desk.ts'
import { NewerSchemaError } from './store/migrate.ts'
import { logOperations } from './telemetry/log-operations.ts'
import { createLogger, type Logger } from './telemetry/logger.ts'

/**
 * How often changes by other processes (the command line) are looked for: one indexed read. Whoever lost a right there
 * loses the live view within 100 ms.
 */
const CATCH_UP_EVERY_MS = 50

const REPOSITORY_ROOT = join(import.meta.dirname, '..', '..', '..')
const PAGE_DIRECTORY = join(REPOSITORY_ROOT, 'apps', 'web', 'dist')

async function main(): Promise<void> {
  const config = readConfig(process.env, process.cwd())
  const logger = createLogger(config.logLevel)
  const problem = (message: string, err: unknown): void => logger.error({ err }, message)
  const now = (): Date => new Date()
  const newId = (): string => randomUUID()

  const store = await openStore(config, problem)
  const { audit } = store
  const settings = await createSettingsDesk({ repository: store.settings, now: () => now().toISOString() })
  const matrix = await createGuestOsDesk({ store: store.guestOs, now: () => now().toISOString() })
  const origin = config.publicOrigin ?? `http://127.0.0.1:${config.listen.port}`
  const identity = createIdentityService({
    database: store.database,
    users: store.users,
    sessions: store.sessions,
    twoFactors: store.twoFactors,
    tokens: store.tokens,
    audit,
    secrets: store.keys,
    twoFactorRequired: () => settings.current().twoFactorRequired === true,
    signingKey: readOrCreateSigningKey(config.dataDirectory),
    origin,
    oidc: config.oidc && { settings: config.oidc, origin: () => origin },
    now,
    newId,
    onProblem: problem,
  })
  const { fixedHosts, demo, stopDemo } = await findHosts(config)
  const doors = composeDoors({
    clock: systemClock,
    connect,
    random: Math.random,
    newId,
    audit,
    operations: store.operations,
    ...(config.hooksFolder !== undefined && {
      hooks: { folder: config.hooksFolder, ledger: store.hookLedger },
    }),
    hosts: store.hosts,
    keptDefinitions: store.keptDefinitions,
    settings,
    matrix,
    fixedHosts,
    problem,
  })
  const resizeKeys = createResizeKeys({ repository: store.idempotency, newId, now: systemClock.now })
  let notReady: string | undefined = 'starting: open resizes are being taken up'
  const server = await serve({
    listen: config.listen,
    publicOrigin: config.publicOrigin,
    services: { ...doors, audit, identity, settings, resizeKeys, demo, version: readVersion() },
    readiness: [
      { name: 'server', check: () => Promise.resolve(notReady) },
      { name: 'database', check: () => store.users.count().then(() => undefined) },
    ],
    logger,
    pageDirectory: PAGE_DIRECTORY,
    figures: {
      libvirtCalls: () => doors.hosts.calls(),
      pendingWrites: () => store.database.pendingWrites(),
      onEvent: (listener) => doors.vms.onEvent(listener),
    },
  })
  logOperations(audit, logger)
  const stopCatchingUp = catchUpRegularly(() => audit.catchUp(), problem)
  audit.onAppend(({ action }) => {
    if (action === 'host.added' || action === 'host.removed')
      doors.hosts.catchUp().catch((error: unknown) => problem('hosts', error))
    if (action === 'settings.changed') settings.reload().catch((error: unknown) => problem('settings', error))
    if (action === 'guest-os.edited' || action === 'guest-os.restored')
      matrix.reload().catch((error: unknown) => problem('guest OS matrix', error))
  })
  await doors.start()
  const stopKeepingAudit = await keepAudit({
    store,
    settings,
    clock: systemClock,
    checkpoints: config.checkpoints,
    problem,
  })

  notReady = undefined
  process.stdout.write(`Coreshift is ready at ${server.url}\n`)
  const token = await identity.accounts.firstRunToken()
  if (token !== undefined) {
    process.stdout.write(
      `No account exists yet. Create the first administrator with this one-time link:\n${server.url}/first-run?token=${token}\n`,
    )
  }

  stopOnSignal(logger, async () => {
    notReady = 'stopping'
    stopCatchingUp()
    await server.stop()
    await doors.stop()
    await stopDemo()
    await stopKeepingAudit()
    await store.close()
  })
}

interface FoundHosts {
  readonly fixedHosts: readonly FixedHost[]
  readonly demo?: DemoDoor
  readonly stopDemo: () => Promise<void>
}

/** Hosts of the environment; else this machine's libvirt; else, or when asked for, the demo. */
async function findHosts({ hosts, demo }: Config): Promise<FoundHosts> {
  const fixedHosts: FixedHost[] = hosts.map((host) => ({ ...host, source: 'environment' }))
  if (fixedHosts.length === 0 && (await hasLocalLibvirt())) {
    fixedHosts.push({ name: 'local', uri: 'qemu:///system', source: 'local' })
  }
  if (demo === false || (demo === undefined && fixedHosts.length > 0)) {
    return { fixedHosts, stopDemo: () => Promise.resolve() }
  }
  // Loaded only where it is served.
  const { startDemo } = await import('@coreshift/demo-host')
  const { openDemoDoor } = await import('./demo/open-demo-door.ts')
  const running = await startDemo()
  const demoHosts = running.hosts.map(({ name, uri }): FixedHost => ({ name, uri, source: 'demo' }))
  return {
    fixedHosts: [...fixedHosts, ...demoHosts],
    demo: openDemoDoor(running.control),
    stopDemo: () => running.stop(),
  }
}

function catchUpRegularly(
  catchUp: () => Promise<void>,
  problem: (message: string, error: unknown) => void,
): () => void {
  const timer = setInterval(() => {
    catchUp().catch((error: unknown) => problem('changes of other processes could not be read', error))
  }, CATCH_UP_EVERY_MS)
  return () => clearInterval(timer)
}

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(REPOSITORY_ROOT, 'package.json'), 'utf8'))
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : '0'
}

/** The first signal stops in order, a second one at once. */
function stopOnSignal(logger: Logger, stop: () => Promise<void>): void {
  let stopping = false
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(1)
      stopping = true
      logger.info({ signal }, 'stopping')
      stop().then(
        () => process.exit(0),
        (err: unknown) => {
          logger.fatal({ err }, 'the stop failed')
          process.exit(1)
        },
      )
    })
  }
}

try {
  await main()
} catch (error) {
  const known = error instanceof ConfigError || error instanceof NewerSchemaError || isListenError(error)
  process.stderr.write(`${known ? error.message : error instanceof Error ? error.stack : String(error)}\n`)
  process.exit(1)
}

function isListenError(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error && error.syscall === 'listen'
}
