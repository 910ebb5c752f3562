import { isOpen } from '@coreshift/shared'
import type { AuditEntry, Operation, TopicSnapshots } from '@coreshift/shared/contract'
import type { AuditLog } from '../audit/audit-log.ts'
import type { HostDirectory } from '../hosts/host-directory.ts'
import type { VmChange, VmDirectory } from '../inventory/vm-directory.ts'
import type { ResizeDesk } from '../resize/resize-desk.ts'
import type { FrameNews } from './frame-pacer.ts'
import { createKeyedFeed, createValueFeed, type TopicFeed } from './topic-feed.ts'

/** Where topics get their values from. */
export interface LiveSources {
  readonly vms: VmDirectory
  readonly desk: ResizeDesk
  readonly hosts: HostDirectory
  readonly audit: AuditLog
}

/** Entries of the topic `audit`; older ones come by REST. */
const AUDIT_ENTRIES = 100
/** Entries of a VM's history; older ones come by REST. */
const HISTORY_ENTRIES = 50

/** A feed that is connected to its source until it is closed. */
export interface OpenTopic {
  readonly feed: TopicFeed
  close(): void
}

interface OpenTopicOptions {
  readonly sources: LiveSources
  readonly firstRev: number
  /** Called when the feed may have something to publish. */
  readonly onChange: (news: FrameNews) => void
}

export type TopicOpener = (options: OpenTopicOptions) => Promise<OpenTopic>

export const openFleet: TopicOpener = ({ sources: { vms }, firstRev, onChange }) => {
  const feed = createKeyedFeed({
    member: 'vms',
    initial: vms.list().map((vm) => [vm.uuid, vm] as const),
    read: (uuid) => vms.summary(uuid),
    firstRev,
  })
  const close = vms.onChange((uuid, what) => {
    feed.mark(uuid)
    onChange(newsOf(what))
  })
  return Promise.resolve({ feed, close })
}

export const openHosts: TopicOpener = ({ sources: { hosts }, firstRev, onChange }) => {
  const feed = createKeyedFeed({
    member: 'hosts',
    initial: hosts.list().map((host) => [host.id, host] as const),
    read: (id) => hosts.get(id),
    firstRev,
  })
  const close = hosts.onChange((id) => {
    feed.mark(id)
    onChange('change')
  })
  return Promise.resolve({ feed, close })
}

export const openResizes: TopicOpener = ({ sources: { desk, vms }, firstRev, onChange }) => {
  const open = new Map(desk.listOpen().map((operation) => [operation.id, operation]))
  const idOf = new Map([...open.values()].map(({ id, vm }) => [vm, id]))
  const feed = createKeyedFeed({
    member: 'operations',
    initial: open,
    // Asked again: the VM may have moved out of what a limited viewer sees.
    read: (id) => (desk.get(id) ? open.get(id) : undefined),
    firstRev,
  })
  const mark = (id: string): void => {
    feed.mark(id)
    onChange('change')
  }
  const closers = [
    desk.onChange((operation) => {
      const { id, vm } = operation
      if (isOpen(operation.state)) {
        open.set(id, operation)
        idOf.set(vm, id)
      } else {
        open.delete(id)
        if (idOf.get(vm) === id) idOf.delete(vm)
      }
      mark(id)
    }),
    vms.onChange((uuid) => {
      const id = idOf.get(uuid)
      if (id !== undefined) mark(id)
    }),
  ]
  return Promise.resolve({ feed, close: () => closers.forEach((close) => close()) })
}

export const openAudit: TopicOpener = async ({ sources: { audit }, firstRev, onChange }) => {
  const entries = new Map<number, AuditEntry>()
  const arrived: AuditEntry[] = []
  let onEntry = (entry: AuditEntry): void => {
    arrived.push(entry)
  }
  const close = audit.onAppend((entry) => onEntry(entry))
  const newest = await closingOnFailure(close, () => audit.list({}, { limit: AUDIT_ENTRIES }))
  for (const entry of newestOf([...newest.items, ...arrived], AUDIT_ENTRIES)) entries.set(entry.id, entry)

  const feed = createKeyedFeed({
    member: 'entries',
    initial: [...entries].map(([id, entry]) => [String(id), entry] as const),
    read: (id) => entries.get(Number(id)),
    firstRev,
  })
  onEntry = (entry) => {
    entries.set(entry.id, entry)
    feed.mark(String(entry.id))
    const oldest = entries.size > AUDIT_ENTRIES ? entries.keys().next() : undefined
    if (oldest && !oldest.done) {
      entries.delete(oldest.value)
      feed.mark(String(oldest.value))
    }
    onChange('change')
  }
  return { feed, close }
}

/** One VM. A VM that vanishes is patched away, its history stays. */
export function openVm(uuid: string): TopicOpener {
  return async ({ sources: { vms, desk, audit }, firstRev, onChange }) => {
    let operation: Operation | undefined
    let history: readonly AuditEntry[] = []
    const closers = [
      vms.onChange((changed, what) => {
        if (changed === uuid) onChange(newsOf(what))
      }),
      desk.onChange((changed) => {
        if (changed.vm !== uuid || !isNewer(changed, operation)) return
        operation = changed
        onChange('change')
      }),
      audit.onAppend((entry) => {
        if (entry.vm !== uuid) return
        history = newestOf([...history, entry], HISTORY_ENTRIES)
        onChange('change')
      }),
    ]
    const close = (): void => {
      for (const closeOne of closers) closeOne()
    }
    const [operations, entries] = await closingOnFailure(close, () =>
      Promise.all([desk.listForVm(uuid), audit.list({ vm: uuid }, { limit: HISTORY_ENTRIES })]),
    )
    // What came by event meanwhile is newer than what was read.
    const stored = operations.find(({ state }) => isOpen(state)) ?? operations[0]
    if (stored && (!operation || (stored.id !== operation.id && !isNewer(operation, stored))))
      operation = stored
    history = newestOf([...entries.items, ...history], HISTORY_ENTRIES)

    const feed = createValueFeed({
      read: (): Partial<TopicSnapshots['vm']> => {
        const vm = vms.get(uuid)
        return {
          ...(vm === undefined ? {} : { vm }),
          ...(operation === undefined ? {} : { operation }),
          history: [...history],
        }
      },
      firstRev,
    })
    return { feed, close }
  }
}

function newsOf(what: VmChange): FrameNews {
  return what === 'load' ? 'figures' : 'change'
}

/** An operation gives way to its own next state and to one that was created later. */
function isNewer(candidate: Operation, shown: Operation | undefined): boolean {
  return shown === undefined || candidate.id === shown.id || candidate.createdAt >= shown.createdAt
}

/** By position, without doubles, oldest first. */
function newestOf(entries: readonly AuditEntry[], limit: number): AuditEntry[] {
  const byId = new Map(entries.map((entry) => [entry.id, entry]))
  return [...byId.values()].sort((a, b) => a.id - b.id).slice(-limit)
}

async function closingOnFailure<T>(close: () => void, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    close()
    throw error
  }
}
