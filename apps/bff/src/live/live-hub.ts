import { Topic, type LiveChange } from '@coreshift/shared/contract'
import { createFramePacer, type FramePacer, type PacerClock } from './frame-pacer.ts'
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

/** What a viewer starts from. */
export interface TopicSnapshot {
  readonly rev: number
  readonly value: unknown
}

/** Topics that somebody watches. A topic exists from its first viewer to its last. */
export interface LiveHub {
  /**
   * One more viewer.
   * @param onEntered called with the snapshot in the same breath in which it was taken: a viewer that answers and
   *   joins in there misses no change and sees none before its answer
   */
  enter<T>(topic: Topic, onEntered: (snapshot: TopicSnapshot) => T): Promise<T>
  /** One viewer less; has to be called once for every `enter` that succeeded. */
  leave(topic: Topic): void
  readonly topics: number
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
  readonly publish: (change: LiveChange & { readonly topic: Topic }) => void
  /** Told when a frame could not be made; the topic's viewers have to start anew. */
  readonly onProblem: (topic: Topic, cause: unknown) => void
}

interface Channel {
  viewers: number
  readonly pacer: FramePacer
  readonly opening: Promise<OpenTopic>
}

export function createLiveHub(options: LiveHubOptions): LiveHub {
  const { sources, clock, firstRev, publish, onProblem } = options
  const channels = new Map<Topic, Channel>()

  function openChannel(topic: Topic): Channel {
    let open: OpenTopic | undefined
    const pacer = createFramePacer(clock, () => {
      try {
        const change = open?.feed.publish()
        if (change) publish({ topic, ...change })
      } catch (cause) {
        onProblem(topic, cause)
      }
    })
    const opening = openerOf(topic)({ sources, firstRev: firstRev(), onChange: pacer.request }).then(
      (opened) => {
        open = opened
        // What changed while it was being opened is in it already or is published with the first frame.
        pacer.request()
        return opened
      },
    )
    return { viewers: 0, pacer, opening }
  }

  function closeChannel(topic: Topic, channel: Channel): void {
    if (channels.get(topic) === channel) channels.delete(topic)
    channel.pacer.stop()
    channel.opening.then(
      (open) => open.close(),
      // A topic that never opened has nothing to close; whoever entered was told.
      () => undefined,
    )
  }

  return {
    get topics() {
      return channels.size
    },
    async enter(topic, onEntered) {
      const channel = channels.get(topic) ?? openChannel(topic)
      channels.set(topic, channel)
      channel.viewers += 1
      try {
        const { feed } = await channel.opening
        return onEntered({ rev: feed.rev, value: feed.snapshot() })
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
      if (channel.viewers === 0) closeChannel(topic, channel)
    },
    close() {
      for (const [topic, channel] of channels) closeChannel(topic, channel)
    },
  }
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
