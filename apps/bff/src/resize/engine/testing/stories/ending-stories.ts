import { DEFAULT_POLICIES } from '@coreshift/shared'
import { expect } from 'vitest'
import { ANN, openConfig, openExample, openPlug, range, THREE_REQUESTS } from '../open-example.ts'
import type { Advance } from '../promises.ts'
import { Story } from '../story.ts'
import type { StoryBook } from './unplug-stories.ts'

const ALL = range(0, 7)
const STRICT = { ...DEFAULT_POLICIES.strict, preset: 'strict' as const }
const BOB = { kind: 'user', name: 'bob' } as const

function strictPastItsWindow(advance: Advance): Story {
  const story = new Story(advance, openExample({ policy: STRICT })).begin().accepted()
  return story.after(300).sees(range(0, 5)).deadline().after(5).sees(range(0, 5))
}

function bothLiveDone(advance: Advance): Story {
  const story = new Story(advance, openExample({ mode: 'both', configTarget: 4 })).begin().accepted()
  return story.after(300).sees(range(0, 3), { configCount: 8 })
}

export const endingStories: StoryBook = {
  'R14 strict: not done in its window, so what was removed is added back': (advance) => {
    const story = strictPastItsWindow(advance)
    expect(story.record.state).toBe('rolling-back')
    expect(story.sent).toEqual([{ kind: 'set-vcpus', ids: [6, 7], enable: true }])
    expect(story.record.sentence).toBe('Not done in its window; adding back vCPU 6-7.')
    story.accepted().after(5).sees(ALL)
    expect(story.record.state).toBe('rolled-back')
    expect(story.vcpus).toBe('4:stuck 5:stuck 6:present 7:present')
    expect(story.record.sentence).toBe(
      'Not done in its window: no answer to 1 request for vCPU 4-5. vCPU 6-7 was added back.',
    )
    expect(story.audit.map((entry) => entry.message)).toContain('vCPU 6 added back after 30 s.')
    expect(story.diary.at(-1)).toBe('finished failed')
  },

  'R14 a vCPU that goes late, during the roll-back, is added back too': (advance) => {
    const story = strictPastItsWindow(advance).after(5).event(4).sees(range(0, 3))
    expect(story.sent).toEqual([{ kind: 'set-vcpus', ids: [4, 5], enable: true }])
    expect(story.record.state).toBe('rolling-back')
    story.after(5).sees([...range(0, 3), 6, 7])
    expect(story.record.state).toBe('rolling-back')
    story.after(5).sees(ALL)
    expect(story.record.state).toBe('rolled-back')
    expect(story.vcpus).toBe('4:present 5:present 6:present 7:present')
  },

  'R14 a read from before the putting back does not count as put back': (advance) => {
    const story = new Story(advance, openExample({ policy: STRICT })).begin().accepted()
    const early = story.at
    story.after(300).sees(range(0, 5)).deadline().sees(range(0, 5)).sees(ALL, { readAt: early })
    expect(story.record.state).toBe('rolling-back')
  },

  'R14 a roll-back that does not get through asks again, and is given up after a bounded number of requests':
    (advance) => {
      const story = strictPastItsWindow(advance)
      let requests = 1
      for (let look = 0; look < 20 && story.record.state === 'rolling-back'; look += 1) {
        story.deadline().sees(range(0, 5))
        requests += story.sent.length
      }
      expect(requests).toBe(5)
      expect(story.record.state).toBe('failed')
      expect(story.record.error).toBe('vCPU 6-7 could not be added back.')
    },

  'R14 strict and refused: put back at once, without waiting for the deadline': (advance) => {
    const story = new Story(advance, openExample({ policy: STRICT })).begin().accepted()
    story.after(5).refusal(4).after(5).sees(range(0, 5))
    expect(story.record.state).toBe('rolling-back')
    story.accepted().after(5).sees(ALL)
    expect(story.record.state).toBe('rolled-back')
    expect(story.record.sentence).toContain('the guest refused vCPU 4-5')
  },

  'R14 strict and nothing removed: failed, and nothing to put back': (advance) => {
    const story = new Story(advance, openExample({ policy: STRICT })).begin().accepted().deadline().sees(ALL)
    expect(story.record.state).toBe('failed')
    expect(story.sent).toEqual([])
  },

  'R14 strict, refused at the door after a part went: the part is put back': (advance) => {
    const story = new Story(advance, openExample({ policy: STRICT })).begin()
    story
      .feed({ type: 'rejected', attempt: 1, error: { message: 'no' } })
      .after(5)
      .sees(range(0, 5))
    expect(story.record.state).toBe('rolling-back')
    story.after(5).sees(ALL)
    expect(story.record.state).toBe('rolled-back')
  },

  'R14 killed during the roll-back: it goes on': (advance) => {
    const story = strictPastItsWindow(advance).restart()
    expect(story.record.state).toBe('rolling-back')
    story.sees(range(0, 5)).deadline().sees(range(0, 5))
    expect(story.sent).toEqual([{ kind: 'set-vcpus', ids: [6, 7], enable: true }])
    story.after(5).sees(ALL)
    expect(story.record.state).toBe('rolled-back')
  },

  'R14 the VM stops during the roll-back: it ends with the machine': (advance) => {
    const story = strictPastItsWindow(advance).after(5).sees([], { presence: 'stopped' })
    expect(story.record.state).toBe('failed')
  },

  'R4 both: the stored definition follows the live change, and is re-read before it is called done': (
    advance,
  ) => {
    const story = new Story(advance, openExample({ mode: 'both', configTarget: 4 })).begin().accepted()
    expect(story.did).toEqual(['observe'])
    story.after(300).sees(range(0, 5), { configCount: 8 })
    expect(story.did).toEqual([])
    story.after(1).sees(range(0, 3), { configCount: 8 })
    expect(story.effects).toEqual([{ type: 'write-config', vcpus: 4 }])
    expect(story.record.state).toBe('pending')
    expect(story.record.sentence).toBe('Resized live; storing 2 sockets for the next boot.')
    story.after(3).feed({ type: 'config-written' })
    expect(story.did).toEqual(['observe'])
    expect(story.record.state).toBe('pending')
    story.after(3).sees(range(0, 3), { configCount: 4 })
    expect(story.record.state).toBe('converged')
    expect(story.did).toEqual([])
  },

  'R4 both: nothing is stored when the live change failed': (advance) => {
    const opening = openExample({ mode: 'both', configTarget: 4 })
    const story = new Story(advance, opening).begin().accepted().after(5).refusal(4).after(5)
    story.sees(range(0, 5), { configCount: 8 })
    expect(story.record.state).toBe('failed')
    expect(story.did).toEqual([])
  },

  'R4 both: killed between the live change and the definition: written when the host is back': (advance) => {
    const story = bothLiveDone(advance).restart()
    expect(story.effects).toEqual([{ type: 'write-config', vcpus: 4 }])
    story.feed({ type: 'config-written' }).after(5).sees(range(0, 3), { configCount: 4 })
    expect(story.record.state).toBe('converged')
  },

  'R4 both: killed between the written definition and its re-read: re-read when the host is back': (
    advance,
  ) => {
    const story = bothLiveDone(advance).feed({ type: 'config-written' }).restart()
    expect(story.did).toEqual(['observe'])
    story.after(5).sees(range(0, 3), { configCount: 4 })
    expect(story.record.state).toBe('converged')
  },

  'R4 both: the VM stops while the definition is being written: it is written all the same': (advance) => {
    const story = bothLiveDone(advance).after(1).sees([], { presence: 'stopped', configCount: 8 })
    expect(story.record.state).toBe('pending')
    story.feed({ type: 'config-written' }).after(5).sees([], { presence: 'stopped', configCount: 4 })
    expect(story.record.state).toBe('converged')
  },

  'R4 both: a definition that cannot be written says what holds and what does not': (advance) => {
    const story = bothLiveDone(advance)
    story.feed({ type: 'config-failed', error: { message: 'disk full', detail: 'INTERNAL_ERROR (1)' } })
    expect(story.record.state).toBe('failed')
    expect(story.record.sentence).toBe(
      '4 of 4 removed. The running VM was resized, but its stored definition was not: disk full.',
    )
    expect(story.diary.at(-1)).toBe('finished partial')
  },

  'R4 nothing to move live: only the definition is written': (advance) => {
    const story = new Story(advance, openExample({ mode: 'both', vcpus: [], configTarget: 4 })).begin()
    expect(story.effects).toEqual([{ type: 'write-config', vcpus: 4 }])
    story.feed({ type: 'config-written' }).after(5).sees(range(0, 3), { configCount: 4 })
    expect(story.record.state).toBe('converged')
  },

  'R4 next boot: stored, and re-read': (advance) => {
    const story = new Story(advance, openConfig()).begin()
    expect(story.effects).toEqual([{ type: 'write-config', vcpus: 4 }])
    expect(story.record.sentence).toBe('Storing 2 sockets for the next boot.')
    story.sees(ALL, { configCount: 8 })
    expect(story.record.state).toBe('submitting')
    story.feed({ type: 'config-written' }).after(2).sees([], { presence: 'stopped', configCount: 4 })
    expect(story.record.state).toBe('converged')
    expect(story.record.sentence).toBe('2 sockets stored for the next boot.')
  },

  'R4 next boot: libvirt says stored and shows another number: failed': (advance) => {
    const story = new Story(advance, openConfig()).begin().feed({ type: 'config-written' }).after(2)
    story.sees(ALL, { configCount: 8 })
    expect(story.record.state).toBe('failed')
    expect(story.record.error).toBe('the stored definition shows 8 vCPUs, not 4.')
  },

  'R4 a read of the millisecond of the answer may have been asked for before it: the number of before proves nothing':
    (advance) => {
      const story = new Story(advance, openConfig()).begin().after(3).feed({ type: 'config-written' })
      story.sees(ALL, { configCount: 8 })
      expect(story.record.state).toBe('submitting')
      story.sees(ALL, { configCount: 4 })
      expect(story.record.state).toBe('converged')
    },

  'R20 a definition whose answer is lost is written again, a bounded number of times': (advance) => {
    const story = new Story(advance, openConfig()).begin()
    let writes = 1
    for (let look = 0; look < 20 && story.record.state === 'submitting'; look += 1) {
      story.deadline()
      writes += story.effects.length
    }
    expect(writes).toBe(5)
    expect(story.record.state).toBe('failed')
    expect(story.record.sentence).toContain('No answer to 5 requests to store 4 vCPUs')
  },

  'R12 next boot: the host is lost and back': (advance) => {
    const story = new Story(advance, openConfig())
      .begin()
      .feed({ type: 'host-lost', cause: 'reset' })
      .deadline()
    expect(story.record.state).toBe('deferred')
    story.feed({ type: 'host-back' })
    expect(story.record.state).toBe('submitting')
    expect(story.effects).toEqual([{ type: 'write-config', vcpus: 4 }])
  },

  'R17 a person has the guest asked again: the refused vCPUs too, and the audit says who': (advance) => {
    const policy = { ...THREE_REQUESTS, attempts: 1 }
    const story = new Story(advance, openExample({ policy })).begin().accepted().after(5).refusal(6).after(5)
    story.sees(ALL).deadline().sees(ALL)
    expect(story.record.state).toBe('deferred')
    story.after(1000).feed({ type: 'retry', by: BOB })
    expect(story.record.state).toBe('pending')
    expect(story.sent).toEqual([{ kind: 'set-vcpus', ids: [4, 5, 6, 7], enable: false }])
    expect(story.audit.find((entry) => entry.action === 'resize.retry')?.actor).toEqual(BOB)
    story.accepted().deadline().sees(ALL)
    expect(story.record.state).toBe('deferred')
  },

  'R17 a person asks again where nothing is awaited: nothing happens': (advance) => {
    const before = new Story(advance, openPlug()).begin().accepted()
    expect(before.feed({ type: 'retry', by: BOB }).did).toEqual([])
    const both = bothLiveDone(advance)
    const record = both.record
    expect(both.feed({ type: 'retry', by: BOB }).record).toBe(record)
  },

  'R17 a person stops the waiting: abandoned by name, and a late completion is still recorded': (advance) => {
    const story = new Story(advance, openExample()).begin().accepted().after(5000)
    story.feed({ type: 'abandon', by: BOB })
    expect(story.record.state).toBe('abandoned')
    expect(story.audit.at(-1)?.actor).toEqual(BOB)
    expect(story.record.sentence).toBe(
      'Nobody waits any more: 0 of 4 removed; no answer to 1 request for vCPU 4-7. A removal that still completes is recorded.',
    )
    story.after(60_000).sees(range(0, 3))
    expect(story.record.state).toBe('abandoned')
    expect(story.diary.slice(-4)).toEqual(Array.from({ length: 4 }, () => 'vcpu-removed-late info'))
    expect(story.audit.filter((entry) => entry.action === 'resize.finished')).toHaveLength(1)
    expect(story.feed({ type: 'abandon', by: ANN }).did).toEqual([])
  },

  'R6 what a newer operation asks for is no late completion of the older one': (advance) => {
    const story = new Story(advance, openExample()).begin().accepted().after(5000)
    story.feed({ type: 'abandon', by: BOB }).feed({ type: 'taken-over', by: 'newer', vcpus: [6, 7, 8] })
    const handed = story.record
    expect(story.feed({ type: 'taken-over', by: 'newer', vcpus: [6, 7] }).record).toBe(handed)
    story.after(1000).sees(range(0, 3))
    expect(story.vcpus).toBe('4:removed 5:removed 6:pending-removal 7:pending-removal')
    expect(story.diary.filter((line) => line.startsWith('vcpu-removed-late'))).toHaveLength(2)
  },

  'R5 nothing but a late removal moves an ended operation': (advance) => {
    const story = new Story(advance, openExample()).begin().accepted().after(5).sees(range(0, 3))
    const ended = story.record
    story.feed({ type: 'begin' }).feed({ type: 'timer' }).feed({ type: 'resume' }).feed({ type: 'host-back' })
    story.feed({ type: 'retry', by: BOB }).event(7).refusal(4).accepted().sees(ALL)
    expect(story.record).toBe(ended)
  },
}
