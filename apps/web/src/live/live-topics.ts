import { queryOptions } from '@tanstack/react-query'
import type { TopicSnapshots } from '@coreshift/shared/contract'

export const LIVE_KEY = 'live'

/** The topic of a query key that `liveQuery` made, or undefined for any other key. */
export function topicOfKey(key: readonly unknown[]): string | undefined {
  return key[0] === LIVE_KEY && typeof key[1] === 'string' ? key[1] : undefined
}

/**
 * Query whose data the live subscriber writes. It never refetches by itself. Structural sharing is off because a
 * patch already leaves untouched parts the same object, and comparing 10,000 VMs on each change would be felt.
 */
function liveQuery<Snapshot>(topic: string) {
  return queryOptions<Snapshot>({
    queryKey: [LIVE_KEY, topic],
    staleTime: Infinity,
    gcTime: Infinity,
    structuralSharing: false,
  })
}

export const liveFleet = () => liveQuery<TopicSnapshots['fleet']>('fleet')
export const liveVm = (uuid: string) => liveQuery<TopicSnapshots['vm']>(`vm:${uuid}`)
export const liveResizes = () => liveQuery<TopicSnapshots['resizes']>('resizes')
export const liveAudit = () => liveQuery<TopicSnapshots['audit']>('audit')
export const liveHosts = () => liveQuery<TopicSnapshots['hosts']>('hosts')
