import type { Topic } from '@coreshift/shared/contract'
import { limitKey } from '../access/limited-services.ts'
import type { Identity } from '../identity/identity.ts'
import type { LiveHub, LiveHubOptions } from './live-hub.ts'
import type { LiveSources } from './topic-sources.ts'

/** What viewers with the same limit see: the same topics with the same revisions. */
export interface LiveSight {
  readonly sources: LiveSources
  readonly hub: LiveHub
  /** Where the viewers of a topic gather; those with another limit gather elsewhere. */
  roomOf(topic: Topic): string
}

/**
 * One sight for everybody who sees the whole fleet, and one for each limit as long as somebody is connected with it or may
 * come back to one of its topics.
 */
interface LiveSights {
  /** @returns the sight and how to leave it again */
  enter(identity: Identity): { readonly sight: LiveSight; leave(): void }
  /** Topics that somebody watches. */
  readonly topics: number
  close(): void
}

interface LiveSightsOptions {
  readonly sourcesFor: (identity: Identity) => LiveSources
  readonly makeHub: (parts: Pick<LiveHubOptions, 'sources' | 'onIdle'> & Pick<LiveSight, 'roomOf'>) => LiveHub
}

export function createLiveSights({ sourcesFor, makeHub }: LiveSightsOptions): LiveSights {
  const sights = new Map<string, { readonly sight: LiveSight; viewers: number }>()

  function open(key: string, identity: Identity): { readonly sight: LiveSight; viewers: number } {
    const sources = sourcesFor(identity)
    const roomOf = (topic: Topic): string => `${key} ${topic}`
    const onIdle = (): void => {
      if (opened.viewers === 0 && sights.get(key) === opened) sights.delete(key)
    }
    const opened = { sight: { sources, hub: makeHub({ sources, roomOf, onIdle }), roomOf }, viewers: 0 }
    sights.set(key, opened)
    return opened
  }

  return {
    enter(identity) {
      const key = identity.limitedTo === undefined ? '' : limitKey(identity.limitedTo)
      const entered = sights.get(key) ?? open(key, identity)
      entered.viewers += 1
      return {
        sight: entered.sight,
        leave() {
          entered.viewers -= 1
          if (entered.viewers === 0 && entered.sight.hub.idle) sights.delete(key)
        },
      }
    },
    get topics() {
      return [...sights.values()].reduce((sum, { sight }) => sum + sight.hub.topics, 0)
    },
    close() {
      for (const { sight } of sights.values()) sight.hub.close()
    },
  }
}
