import { createAuditRetention } from './audit/audit-retention.ts'
import { createCheckpointKeeper } from './audit/checkpoint-keeper.ts'
import { openCheckpointOutlet } from './audit/checkpoint-outlet.ts'
import { checkpointLine, signCheckpoint } from './audit/checkpoint.ts'
import { createIndexKeeper } from './audit/keep-indexed.ts'
import type { Clock } from './clock.ts'
import type { CheckpointTarget } from './config.ts'
import type { Store } from './open-store.ts'
import type { SettingsDesk } from './settings/settings-desk.ts'

/** How often the retention looks for entries that are kept no longer, ms. */
const RETENTION_EVERY_MS = 86_400_000

interface KeepAuditOptions {
  readonly store: Store
  readonly settings: SettingsDesk
  readonly clock: Clock
  readonly checkpoints: CheckpointTarget
  readonly problem: (message: string, cause: unknown) => void
}

/** What the audit needs while a server runs: search index, signed checkpoints, retention. */
export async function keepAudit(options: KeepAuditOptions): Promise<() => Promise<void>> {
  const { store, settings, clock, problem } = options
  const { audit, checkpointKey } = store
  const { privateKey } = checkpointKey
  const outlet = openCheckpointOutlet(options.checkpoints, problem)
  const index = createIndexKeeper({
    indexNextBlock: () => store.auditIndex.indexNextBlock(),
    onProblem: problem,
  })
  const keeper = createCheckpointKeeper({
    clock,
    head: await store.auditEntries.head(),
    give: (head) => {
      outlet.write(checkpointLine(signCheckpoint(privateKey, head, new Date(clock.now()).toISOString())))
    },
  })
  const retention = createAuditRetention({
    entries: store.auditEntries,
    seals: store.auditSeals,
    start: store.auditStart,
    privateKey,
    settings: settings.current,
    now: clock.now,
    onSeal: (seal) => outlet.write(checkpointLine(seal)),
  })

  let stopped = false
  let cancelRetention: (() => void) | undefined
  let retaining = Promise.resolve()
  function retain(): void {
    cancelRetention?.()
    if (stopped) return
    retaining = retaining
      .then(async () => void (await retention.run()))
      .catch((cause: unknown) => problem('the retention of the audit failed', cause))
    cancelRetention = clock.after(RETENTION_EVERY_MS, retain)
  }

  const forget = [
    audit.onAppend((entry) => {
      keeper.noteEntry(entry)
      index.noteEntry(entry.id)
    }),
    settings.onChange(retain),
  ]
  retain()
  void index.catchUp()
  return async () => {
    stopped = true
    cancelRetention?.()
    for (const each of forget) each()
    keeper.stop()
    await Promise.all([retaining, index.stop()])
    await outlet.close()
  }
}
