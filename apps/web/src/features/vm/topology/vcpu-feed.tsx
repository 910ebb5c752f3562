import { QueryObserver, useQueryClient } from '@tanstack/react-query'
import {
  createContext,
  use,
  useCallback,
  useEffect,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from 'react'
import type { Vcpu } from '@coreshift/shared/contract'
import { liveVm } from '../../../live/live-topics.ts'

/** The vCPUs of one machine, each with listeners of its own. */
interface VcpuFeed {
  all(): readonly Vcpu[]
  get(id: number): Vcpu | undefined
  subscribe(id: number, listener: () => void): () => void
  /** Takes over the newest list and tells those whose vCPU is another object than before. */
  write(next: readonly Vcpu[]): void
}

function createVcpuFeed(first: readonly Vcpu[]): VcpuFeed {
  const listeners = new Map<number, Set<() => void>>()
  let vcpus = first
  return {
    all: () => vcpus,
    get: (id) => vcpus[id],
    subscribe(id, listener) {
      const known = listeners.get(id) ?? new Set()
      listeners.set(id, known.add(listener))
      return () => {
        known.delete(listener)
        if (known.size === 0) listeners.delete(id)
      }
    },
    write(next) {
      const before = vcpus
      vcpus = next
      // Only what is on screen listens: a few hundred at most, also in a machine of thousands.
      for (const [id, known] of listeners) {
        if (before[id] !== next[id]) for (const listener of known) listener()
      }
    },
  }
}

const FeedContext = createContext<VcpuFeed | undefined>(undefined)

/** Feeds the vCPUs below it from the live view, so that a change of one renders that one alone. */
export function VcpuFeedProvider({ uuid, children }: { uuid: string; children: ReactNode }) {
  const queryClient = useQueryClient()
  const [feed] = useState(() =>
    createVcpuFeed(queryClient.getQueryData(liveVm(uuid).queryKey)?.vm.vcpus ?? []),
  )
  useEffect(() => {
    const observer = new QueryObserver(queryClient, liveVm(uuid))
    const take = (data: ReturnType<typeof observer.getCurrentResult>['data']) => {
      // Absent once the machine itself is gone.
      if (data && 'vm' in data) feed.write(data.vm.vcpus)
    }
    const end = observer.subscribe(({ data }) => take(data))
    take(observer.getCurrentResult().data)
    return end
  }, [queryClient, uuid, feed])
  return <FeedContext value={feed}>{children}</FeedContext>
}

export function useVcpuFeed(): VcpuFeed {
  const feed = use(FeedContext)
  if (!feed) throw new Error('useVcpuFeed needs a VcpuFeedProvider around it')
  return feed
}

/** One vCPU; the component renders again when that one changes, and for no other. */
export function useVcpu(id: number): Vcpu | undefined {
  const feed = useVcpuFeed()
  const subscribe = useCallback((listener: () => void) => feed.subscribe(id, listener), [feed, id])
  return useSyncExternalStore(subscribe, () => feed.get(id))
}
