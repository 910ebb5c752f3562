// The real live view, with real identities, over VMs in memory that change when the bench says so.
import { createServer } from 'node:http'
import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { perLimit } from '../../apps/bff/src/access/limited-services.ts'
import { createOriginPolicy } from '../../apps/bff/src/http/origin-policy.ts'
import type { ApiServices } from '../../apps/bff/src/http/services.ts'
import { realClock } from '../../apps/bff/src/live/frame-pacer.ts'
import { createLiveServer } from '../../apps/bff/src/live/live-server.ts'
import { createResizeKeys } from '../../apps/bff/src/resize/resize-keys.ts'
import { createGuestOsPage } from '../../apps/bff/src/guest-os/guest-os-page.ts'
import { createGuestOsDesk } from '../../apps/bff/src/guest-os/guest-os-desk.ts'
import { createSettingsDesk } from '../../apps/bff/src/settings/settings-desk.ts'
import { createAuditRepository } from '../../apps/bff/src/store/audit-repository.ts'
import { openSqlite } from '../../apps/bff/src/store/database.ts'
import { createGuestOsRepository } from '../../apps/bff/src/store/guest-os-repository.ts'
import { createIdempotencyRepository } from '../../apps/bff/src/store/idempotency-repository.ts'
import { createOperationRepository } from '../../apps/bff/src/store/operation-repository.ts'
import { createSettingsRepository } from '../../apps/bff/src/store/settings-repository.ts'
import { createLogger } from '../../apps/bff/src/telemetry/logger.ts'
import { ALICE } from '../../apps/bff/test/examples.ts'
import { fakeDoors, vmExample } from '../../apps/bff/test/fake-doors.ts'
import { testPlatform } from '../../apps/bff/test/platform.ts'

const VMS = 200
/** Changes are made in bursts this far apart, as events come from a socket. */
const BURST_MS = 10

const Order = z.discriminatedUnion('what', [
  z.object({ what: z.literal('listen') }),
  z.object({ what: z.literal('memory') }),
  z.object({ what: z.literal('storm'), perSecond: z.int(), seconds: z.int() }),
])

const vms = Array.from({ length: VMS }, (_, index) =>
  vmExample({
    uuid: `6f1f7d3a-58b4-4c0f-9d4e-${String(index).padStart(12, '0')}`,
    name: `vm-${index}`,
  }),
)
const doors = fakeDoors(vms)

async function listen(): Promise<{ url: string; token: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-live-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const database = await openSqlite(join(folder, 'coreshift.db'))
  const platform = await testPlatform(database)
  const now = (): string => new Date().toISOString()
  const stores = {
    database,
    audit: createAuditRepository(database),
    onAudit: platform.audit.noteAppended,
    now,
  }
  const operations = createOperationRepository(stores)
  const services: ApiServices = {
    ...doors,
    ...platform,
    settings: await createSettingsDesk({ repository: createSettingsRepository(stores), now }),
    guestOs: createGuestOsPage({
      desk: await createGuestOsDesk({ store: createGuestOsRepository(stores), now }),
      vms: doors.vms,
      operations,
    }),
    resizeKeys: createResizeKeys({
      repository: createIdempotencyRepository(database),
      newId: () => '',
      now: Date.now,
    }),
    version: '0.0.0-bench',
  }
  const server = createServer()
  createLiveServer({
    server,
    sourcesFor: perLimit(services, (limited) => limited),
    identity: platform.identity,
    origins: createOriginPolicy({
      publicOrigin: undefined,
      listening: () => ({ host: '127.0.0.1', port: (server.address() as AddressInfo).port }),
    }),
    logger: createLogger('error'),
    clock: realClock,
    nowMs: Date.now,
    secure: false,
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { secret } = await platform.identity.tokens.create({ name: 'bench', role: 'viewer' }, ALICE)
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: secret }
}

/** Each change is one vCPU more or less of one VM. */
async function storm(perSecond: number, seconds: number): Promise<{ changes: number }> {
  const began = performance.now()
  let changes = 0
  while (performance.now() - began < seconds * 1000) {
    const due = Math.floor(((performance.now() - began) / 1000) * perSecond)
    for (; changes < due; changes += 1) {
      const vm = vms[changes % VMS]
      if (vm) doors.putVm({ ...vm, vcpuCount: 1 + (changes % 64) })
    }
    await delay(BURST_MS)
  }
  return { changes }
}

async function obey(order: z.infer<typeof Order>): Promise<object> {
  switch (order.what) {
    case 'listen':
      return listen()
    case 'memory':
      globalThis.gc?.()
      return process.memoryUsage()
    case 'storm':
      return storm(order.perSecond, order.seconds)
  }
}

process.on('message', (message: unknown) => {
  void obey(Order.parse(message)).then((answer) => process.send?.(answer))
})
process.on('disconnect', () => process.exit(0))
