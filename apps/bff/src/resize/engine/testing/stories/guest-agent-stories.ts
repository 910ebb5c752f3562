import { DEFAULT_POLICIES } from '@coreshift/shared'
import { expect } from 'vitest'
import { openExample, openPlug, range } from '../open-example.ts'
import { Story } from '../story.ts'
import type { StoryBook } from './unplug-stories.ts'

const ALL = range(0, 7)
const DRAIN = { ...DEFAULT_POLICIES.interactive, drain: true }
const ONLINE = { ...DEFAULT_POLICIES.interactive, bringOnline: true }

export const guestAgentStories: StoryBook = {
  'R22 drained first: libvirt is asked only after the guest took the vCPUs offline': (advance) => {
    const story = new Story(advance, openExample({ policy: DRAIN })).begin()
    expect(story.effects).toEqual([{ type: 'drain', vcpus: [4, 5, 6, 7] }])
    expect(story.begin().did).toEqual([])
    story.after(50).feed({ type: 'drained', vcpus: [4, 5, 6, 7] })
    expect(story.sent).toEqual([{ kind: 'set-count', vcpus: 4, ids: [4, 5, 6, 7], enable: false }])
    expect(story.feed({ type: 'drained', vcpus: [4] }).did).toEqual([])
    story.accepted().after(100).sees(range(0, 3))
    expect(story.record.state).toBe('converged')
    expect(story.did).toEqual([])
  },

  'R22 the guest cannot: no unplug is sent, the reason is shown, the drain is undone': (advance) => {
    const story = new Story(advance, openExample({ policy: DRAIN })).begin()
    story.feed({ type: 'drain-refused', reason: 'vCPU 4 is the last one online' })
    expect(story.effects).toEqual([{ type: 'online', vcpus: [4, 5, 6, 7] }, { type: 'observe' }])
    story.after(5).sees(ALL)
    expect(story.record.state).toBe('failed')
    expect(story.record.sentence).toBe('0 of 4 removed. No unplug was sent: vCPU 4 is the last one online.')
    expect(story.vcpus).toContain('4:present')
  },

  'R22 an agent that hangs does not hold the operation': (advance) => {
    const story = new Story(advance, openExample({ policy: DRAIN })).begin().deadline()
    expect(story.did).toEqual(['online', 'observe'])
    expect(story.sent).toEqual([])
    story.deadline()
    expect(story.did).toEqual(['observe'])
    story.after(5).sees(ALL)
    expect(story.record.state).toBe('failed')
    expect(story.record.error).toContain('no answer in 30 s')
  },

  'R22 killed while draining: drained again when the host is back': (advance) => {
    const story = new Story(advance, openExample({ policy: DRAIN })).begin().restart()
    expect(story.did).toEqual(['drain'])
    story.feed({ type: 'drained', vcpus: [4, 5, 6, 7] })
    expect(story.sent).toHaveLength(1)
  },

  'R22 refused after the drain: what stays is brought online again': (advance) => {
    const story = new Story(advance, openExample({ policy: DRAIN })).begin()
    story
      .feed({ type: 'drained', vcpus: [4, 5, 6, 7] })
      .accepted()
      .after(5)
      .refusal(4)
      .after(5)
      .sees(range(0, 5))
    expect(story.record.state).toBe('failed')
    expect(story.effects).toEqual([{ type: 'online', vcpus: [4, 5] }])
  },

  'R23 added vCPUs are brought online before the addition is called done': (advance) => {
    const story = new Story(advance, openPlug({ policy: ONLINE })).begin().accepted().after(5).sees(ALL)
    expect(story.effects).toEqual([{ type: 'online', vcpus: [4, 5, 6, 7] }])
    expect(story.sees(ALL).did).toEqual([])
    story.after(50).feed({ type: 'online-done', online: ALL }).after(5).sees(ALL)
    expect(story.record.state).toBe('converged')
  },

  'R23 what the guest leaves offline is said with its cause': (advance) => {
    const story = new Story(advance, openPlug({ policy: ONLINE }))
      .begin()
      .accepted()
      .after(5)
      .sees(ALL)
      .after(50)
    story.feed({ type: 'online-failed', reason: 'the agent may not write to sysfs', offline: [6, 7] })
    story.after(5).sees(ALL)
    expect(story.record.state).toBe('converged')
    expect(story.vcpus).toBe('4:present 5:present 6:guest-offline 7:guest-offline')
    expect(story.record.sentence).toContain(
      'The guest leaves vCPU 6-7 offline: the agent may not write to sysfs.',
    )
  },

  'R23 an agent that hangs, and a restart, do not hold the addition': (advance) => {
    const story = new Story(advance, openPlug({ policy: ONLINE }))
      .begin()
      .accepted()
      .after(5)
      .sees(ALL)
      .restart()
    expect(story.did).toEqual(['online'])
    story.deadline().after(5).sees(ALL)
    expect(story.record.state).toBe('converged')
    expect(story.vcpus).toContain('7:present')
  },
}
