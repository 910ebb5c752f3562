import type { Json } from '@coreshift/shared'
import { Topic, type HeldState, type LiveChange } from '@coreshift/shared/contract'
import { createFramePacer, type FramePacer, type PacerClock } from './frame-pacer.ts'
import { createKeptChanges, type KeptChanges } from './kept-changes.ts'
import type { TopicFeed } from './topic-feed.ts'
import {
  openAudit,
  openFleet,
  openHosts,
  openResizes,
  openVm,
  type LiveSources,
  type OpenTopic,
  type TopicOpener,
} from './topic-sources.ts'

/** Time for which a topic stays open after its last viewer left, who may only have lost the connection. */
export const RESUME_WINDOW_MS = 60_000
/** Topics that stay open so; the one that was left first gives way. */
export const UNWATCHED_MAX = 200

/** What a viewer starts from: the whole, or what it lacks of it. */
type TopicStart = HeldState & ({ readonly snapshot: unknown } | { readonly missed: readonly Json[] })

/** Topics that somebody watches, or did just now. */
export interface LiveHub {
  /**
   * One more viewer.
   * @param held what it has; taken up where the changes since then are kept
   * @param onEntered called in the same breath in which its argument was made: a viewer that answers and joins in there
   *   misses no change and sees none before its answer
   */
  enter<T>(topic: Topic, held: HeldState | undefined, onEntered: (start: TopicStart) => T): Promise<T>
  /** One viewer less; has to be called once for every `enter` that succeeded. */
  leave(topic: Topic): void
  /** Topics that somebody watches. */
  readonly topics: number
  /** True when no topic is open. */
  readonly idle: boolean
  close(): void
}

export interface LiveHubOptions {
  readonly sources: LiveSources
  readonly clock: PacerClock
  /**
   * First revision of a topic that opens. Has to be higher than any before, over restarts too: the time in ms is,
   * because a topic publishes 20 times a second at most.
   */
  readonly firstRev: () => number
  /** Names the revisions of a topic from its opening to its closing; no two are the same. */
  readonly newFeedId: () => string
  readonly publish: (change: LiveChange & { readonly topic: Topic }) => void
  /** Told when a frame could not be made; the topic's viewers have to start anew. */
  readonly onProblem: (topic: Topic, cause: unknown) => void
  /** Told when the last topic closed. */
  readonly onIdle: () => void
}

interface Channel {
  readonly id: string
  viewers: number
  readonly pacer: FramePacer
  readonly opening: Promise<OpenTopic>
  readonly kept: KeptChanges
}

export function createLiveHub(options: LiveHubOptions): LiveHub {
  const { sources, clock, firstRev, newFeedId, publish, onProblem, onIdle } = options
  const channels = new Map<Topic, Channel>()
  /** How to call off the closing of a topic that nobody watches; the one that was left first comes first. */
  const closings = new Map<Topic, () => void>()

  function openChannel(topic: Topic): Channel {
    let open: OpenTopic | undefined
    const rev = firstRev()
    const pacer = createFramePacer(clock, () => {
      // Whoever comes back gets one change for all that happened meanwhile.
      if (channel.viewers === 0 || !open) return
      try {
        const change = publishInto(channel.kept, open.feed)
        if (change) publish({ topic, ...change })
      } catch (cause) {
        onProblem(topic, cause)
      }
    })
    const opening = openerOf(topic)({ sources, firstRev: rev, onChange: pacer.request }).then((opened) => {
      open = opened
      // What changed while it was being opened is in it already or is published with the first frame.
      pacer.request('change')
      return opened
    })
    const channel = { id: newFeedId(), viewers: 0, pacer, opening, kept: createKeptChanges(rev) }
    channels.set(topic, channel)
    return channel
  }

  function closeChannel(topic: Topic, channel: Channel): void {
    if (channels.get(topic) === channel) channels.delete(topic)
    closings.get(topic)?.()
    closings.delete(topic)
    channel.pacer.stop()
    channel.opening.then(
      (open) => open.close(),
      // A topic that never opened has nothing to close; whoever entered was told.
      () => undefined,
    )
    if (channels.size === 0) onIdle()
  }

  function closeLater(topic: Topic, channel: Channel): void {
    closings.set(
      topic,
      clock.later(RESUME_WINDOW_MS, () => closeChannel(topic, channel)),
    )
    const [first] = closings.keys()
    const longestLeft = closings.size > UNWATCHED_MAX && first !== undefined ? channels.get(first) : undefined
    if (first !== undefined && longestLeft) closeChannel(first, longestLeft)
  }

  return {
    get topics() {
      return channels.size - closings.size
    },
    get idle() {
      return channels.size === 0
    },
    async enter(topic, held, onEntered) {
      const channel = channels.get(topic) ?? openChannel(topic)
      closings.get(topic)?.()
      closings.delete(topic)
      const unwatched = channel.viewers === 0
      channel.viewers += 1
      try {
        const { feed } = await channel.opening
        if (unwatched) publishInto(channel.kept, feed)
        const missed = held?.feed === channel.id ? channel.kept.since(held.rev) : undefined
        return onEntered({
          feed: channel.id,
          rev: feed.rev,
          ...(missed === undefined ? { snapshot: feed.snapshot() } : { missed }),
        })
      } catch (error) {
        channel.viewers -= 1
        if (channel.viewers === 0) closeChannel(topic, channel)
        throw error
      }
    },
    leave(topic) {
      const channel = channels.get(topic)
      if (!channel) return
      channel.viewers -= 1
      if (channel.viewers === 0) closeLater(topic, channel)
    },
    close() {
      for (const [topic, channel] of channels) closeChannel(topic, channel)
    },
  }
}

function publishInto(kept: KeptChanges, feed: TopicFeed): ReturnType<TopicFeed['publish']> {
  const change = feed.publish()
  if (change) kept.add(change)
  return change
}

function openerOf(topic: Topic): TopicOpener {
  switch (topic) {
    case 'fleet':
      return openFleet
    case 'hosts':
      return openHosts
    case 'resizes':
      return openResizes
    case 'audit':
      return openAudit
    default:
      return openVm(topic.slice('vm:'.length))
  }
}
