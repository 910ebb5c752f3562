import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { isOpen } from '@coreshift/shared'
import type { Operation, Role, Vm } from '@coreshift/shared/contract'
import { systemClock } from '../src/clock.ts'
import { composeDoors, type Doors } from '../src/compose-doors.ts'
import type { DemoDoor } from '../src/demo/demo-door.ts'
import { createGuestOsDesk } from '../src/guest-os/guest-os-desk.ts'
import type { OpenConnection } from '../src/hosts/host-link.ts'
import type { FixedHost } from '../src/hosts/host-manager.ts'
import { createHttpApp } from '../src/http/app.ts'
import { createOriginPolicy } from '../src/http/origin-policy.ts'
import type { ApiServices } from '../src/http/services.ts'
import { createSettingsDesk } from '../src/settings/settings-desk.ts'
import { createAuditRepository } from '../src/store/audit-repository.ts'
import { createGuestOsRepository } from '../src/store/guest-os-repository.ts'
import { createHookLedger } from '../src/store/hook-ledger.ts'
import { derivedSecretBox } from '../src/secrets/secret-box.ts'
import { createHostRepository } from '../src/store/host-repository.ts'
import { createKeptDefinitionRepository } from '../src/store/kept-definition-repository.ts'
import { createOperationRepository } from '../src/store/operation-repository.ts'
import { createSettingsRepository } from '../src/store/settings-repository.ts'
import { createLogger } from '../src/telemetry/logger.ts'
import { createMetrics } from '../src/telemetry/metrics.ts'
import { createResizeKeys } from '../src/resize/resize-keys.ts'
import { createIdempotencyRepository } from '../src/store/idempotency-repository.ts'
import { testDatabase } from './databases.ts'
import { ALICE } from './examples.ts'
import { PASSWORD, testPlatform, type TestPlatform } from './platform.ts'

/** The real composition, REST included, over whatever hosts. */
export interface ComposedServer extends AsyncDisposable, TestPlatform {
  readonly url: string
  readonly doors: Doors
  readonly services: ApiServices
  /** The VM of that name as it is now. */
  vm(name: string): Vm
  /** Waits until the VM is as wished and returns it. */
  vmWhen(name: string, wished: (vm: Vm) => boolean): Promise<Vm>
  /** Waits until libvirt took the operation's request: only then does the guest know of it. */
  taken(operationId: string): Promise<Operation>
  /** Waits for the end of an operation and returns it. */
  ended(operationId: string): Promise<Operation>
  tokenFor(role: Role): Promise<string>
  /** Creates an account and returns its `user:password` for HTTP Basic. */
  account(name: string, role: Role): Promise<string>
  call(method: string, path: string, options?: ServerCall): Promise<Response>
}

interface ServerCall {
  readonly token?: string
  /** `user:password`. */
  readonly basic?: string
  /** Sent as JSON unless it is text. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface ComposedServerOptions {
  readonly hosts: readonly FixedHost[]
  readonly connect: OpenConnection
  /** Where the hosts are simulated. */
  readonly demo?: DemoDoor
  /** Folder with `before-resize` and `after-resize`. */
  readonly hooksFolder?: string
}

export async function composedServer(options: ComposedServerOptions): Promise<ComposedServer> {
  const database = await testDatabase('sqlite')
  const platform = await testPlatform(database.database)
  const { audit, identity, problems } = platform
  const now = (): string => new Date().toISOString()
  const shared = {
    database: database.database,
    audit: createAuditRepository(database.database),
    onAudit: audit.noteAppended,
    now,
  }
  const problem = (text: string, error: unknown): void => {
    problems.push([text, error])
  }
  const settings = await createSettingsDesk({ repository: createSettingsRepository(shared), now })
  const doors = composeDoors({
    clock: systemClock,
    connect: options.connect,
    random: () => 0.5,
    newId: () => randomUUID(),
    audit,
    operations: createOperationRepository({ ...shared, noteEnds: options.hooksFolder !== undefined }),
    hosts: createHostRepository({ ...shared, secrets: derivedSecretBox('a key of the tests', 'test') }),
    keptDefinitions: createKeptDefinitionRepository(shared),
    settings,
    matrix: await createGuestOsDesk({ store: createGuestOsRepository(shared), now }),
    fixedHosts: options.hosts,
    ...(options.hooksFolder !== undefined && {
      hooks: { folder: options.hooksFolder, ledger: createHookLedger(shared) },
    }),
    problem,
  })
  const services: ApiServices = {
    ...doors,
    audit,
    identity,
    settings,
    resizeKeys: createResizeKeys({
      repository: createIdempotencyRepository(database.database),
      newId: () => randomUUID(),
      now: systemClock.now,
    }),
    ...(options.demo && { demo: options.demo }),
    version: '0.0.0-test',
  }
  let port = 0
  const server = createServer(
    createHttpApp({
      services,
      origins: createOriginPolicy({
        publicOrigin: undefined,
        listening: () => ({ host: '127.0.0.1', port }),
      }),
      readiness: [],
      metrics: createMetrics({
        ...doors,
        liveSockets: () => 0,
        liveTopics: () => 0,
        liveQueue: () => 0,
        libvirtCalls: () => doors.hosts.calls(),
        pendingWrites: () => database.database.pendingWrites(),
      }),
      logger: createLogger('fatal'),
      pageDirectory: tmpdir(),
      secure: false,
      behindProxy: false,
    }),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
  const url = `http://127.0.0.1:${port}`
  await doors.start()

  function find(name: string): Vm | undefined {
    const uuid = doors.vms.list().find((vm) => vm.name === name)?.uuid
    return uuid === undefined ? undefined : doors.vms.get(uuid)
  }

  async function vmWhen(name: string, wished: (vm: Vm) => boolean): Promise<Vm> {
    return new Promise((resolve) => {
      const stops: (() => void)[] = []
      const look = (): void => {
        const vm = find(name)
        if (!vm || !wished(vm)) return
        for (const stop of stops) stop()
        resolve(vm)
      }
      stops.push(doors.vms.onChange(look))
      look()
    })
  }

  function operationWhen(id: string, wished: (operation: Operation) => boolean): Promise<Operation> {
    return new Promise((resolve) => {
      const stops: (() => void)[] = []
      const look = (): void => {
        const operation = doors.desk.get(id)
        if (!operation || !wished(operation)) return
        for (const stop of stops) stop()
        resolve(operation)
      }
      stops.push(doors.desk.onChange(look))
      look()
    })
  }

  return {
    ...platform,
    url,
    doors,
    services,
    vm(name) {
      const vm = find(name)
      if (!vm) throw new Error(`there is no VM ${name}`)
      return vm
    },
    vmWhen,
    taken: (operationId) => operationWhen(operationId, ({ acceptedAt }) => acceptedAt !== undefined),
    ended: (operationId) => operationWhen(operationId, ({ state }) => !isOpen(state)),
    async tokenFor(role) {
      return (await identity.tokens.create({ name: `test-${role}`, role }, ALICE)).secret
    },
    async account(name, role) {
      await identity.accounts.create({ name, password: PASSWORD, role }, ALICE)
      return `${name}:${PASSWORD}`
    },
    call(method, path, { token, basic, body, headers } = {}) {
      return fetch(url + path, {
        method,
        headers: {
          ...(token !== undefined && { Authorization: `Bearer ${token}` }),
          ...(basic !== undefined && { Authorization: `Basic ${Buffer.from(basic).toString('base64')}` }),
          ...(body !== undefined && typeof body !== 'string' && { 'Content-Type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await doors.stop()
      await database[Symbol.asyncDispose]()
    },
  }
}
