import { expect } from 'vitest'
import type { ResizePolicy } from '@coreshift/shared'
import { openingOfMerge, presentMerge } from '../../../merge-wish.ts'
import type { OperationRecord } from '../../../operation-record.ts'
import { changeMind } from '../../change-of-mind.ts'
import type { Turn } from '../../engine-io.ts'
import type { OpeningFacts } from '../../open-operation.ts'
import { ANN, openExample, openPlug, range, START, THREE_REQUESTS } from '../open-example.ts'
import { Story } from '../story.ts'
import type { Advance } from '../promises.ts'
import type { StoryBook } from './unplug-stories.ts'

const NEWER = '00000000-0000-4000-8000-000000000002'

/** 8 to 4 under way: 6-7 are gone, 4-5 are out. */
function underWay(advance: Advance, policy: ResizePolicy = THREE_REQUESTS): Story {
  return new Story(advance, openExample({ policy })).begin().accepted().after(300).sees(range(0, 5))
}

/** The operation that takes the place of an open one, `after` ms later. */
function newer(
  open: OperationRecord,
  wanted: readonly number[],
  enabled: readonly number[],
  facts: Partial<OpeningFacts> = {},
): Turn {
  const kind = wanted.length < enabled.length ? 'unplug' : 'plug'
  const at = START + 1000
  const fates = changeMind(open, new Set(wanted), new Set(enabled))
  const merged = openingOfMerge(open, kind, fates, at)
  return openExample({
    id: NEWER,
    at,
    kind,
    method: 'ids',
    policy: THREE_REQUESTS,
    from: { sockets: enabled.length / 2, vcpus: enabled.length },
    to: { sockets: wanted.length / 2, vcpus: wanted.length },
    vcpus: merged.vcpus.map((vcpu) => vcpu.id),
    replaces: open.id,
    merged: { ...merged, changeOfMind: presentMerge(open, fates) },
    ...facts,
  })
}

function begin(advance: Advance, opening: Turn): Story {
  const story = new Story(advance, opening)
  story.at = Date.parse(opening.record.createdAt)
  return story.begin()
}

export const changeOfMindStories: StoryBook = {
  'R21 the older one ends with the name of the newer one, and leaves it what is out': (advance) => {
    const story = underWay(advance).after(700)
    story.feed({ type: 'replaced', by: ANN, operation: NEWER, vcpus: [4, 5, 6, 7] })
    expect(story.record).toMatchObject({ state: 'abandoned', replacedBy: NEWER })
    expect(story.record.sentence).toBe(
      'A newer resize took its place: 2 of 4 removed; no answer to 1 request for vCPU 4-5.',
    )
    expect(story.diary.at(-1)).toBe('finished partial')
    expect(story.after(500).sees(range(0, 3)).vcpus).toContain('4:pending-removal')
  },

  'R21 back to all: what is gone is added, what is out is added again when it goes': (advance) => {
    const opening = newer(underWay(advance).record, range(0, 7), range(0, 5))
    expect(opening.record.changeOfMind).toMatchObject({ addBack: [6, 7], addBackIfGone: [4, 5] })
    const story = begin(advance, opening)
    expect(story.sent).toEqual([{ kind: 'set-vcpus', ids: [6, 7], enable: true }])
    story
      .accepted()
      .after(100)
      .sees([...range(0, 5), 6, 7])
    expect(story.record.state).toBe('pending')
    expect(story.record.sentence).toBe(
      'Waiting for the guest: 2 of 2 added; vCPU 4-5, wanted again, may still go and would be added back.',
    )
    story.after(500).event(4)
    expect(story.did).toEqual(['observe'])
    story.sees([...range(0, 3), 6, 7])
    expect(story.sent).toEqual([{ kind: 'set-vcpus', ids: [4, 5], enable: true }])
    expect(story.vcpus).toBe('4:adding 5:adding 6:present 7:present')
    story.accepted().after(100).sees(range(0, 7))
    expect(story.record.state).toBe('converged')
    expect(story.diary).toContain('adding-back info')
  },

  'R21 what the guest refuses to give up stays, as is wanted now': (advance) => {
    const story = begin(advance, newer(underWay(advance).record, range(0, 5), range(0, 5)))
    expect(story.sent).toEqual([])
    expect(story.record.state).toBe('pending')
    story.after(50).refusal(4).after(5).sees(range(0, 5))
    expect(story.record.state).toBe('converged')
    expect(story.vcpus).toBe('4:present 5:present')
    expect(story.diary).toContain('vcpu-kept info')
  },

  'R21 a guest that stays silent: as wished, watched on, and added back weeks later': (advance) => {
    const story = begin(advance, newer(underWay(advance).record, range(0, 5), range(0, 5)))
    story.deadline().sees(range(0, 5))
    expect(story.record.state).toBe('deferred')
    expect(story.record.sentence).toBe(
      'The VM has the vCPUs that are wanted. The guest was asked before to give up vCPU 4-5, has not answered, and may still do so; Coreshift keeps watching and would add back what goes.',
    )
    expect(story.record.timeline.at(-1)?.text).toBe(
      'vCPU 4-5 is there as wanted, may still go as asked before, and would be added back; looked at again in 1 m.',
    )
    expect(story.sent).toEqual([])
    story.deadline().sees(range(0, 5))
    expect(story.record.timeline.at(-1)?.text).toBe(
      'vCPU 4-5 there as wanted, and may still go; looking again in 1 m.',
    )
    story.deadline().sees(range(0, 3))
    expect(story.sent).toEqual([{ kind: 'set-vcpus', ids: [4, 5], enable: true }])
    story.accepted().after(100).sees(range(0, 5))
    expect(story.record.state).toBe('converged')
  },

  'R21 a policy that does not wait on ends as wished, and records what goes later': (advance) => {
    const policy = { ...THREE_REQUESTS, attempts: 1, ending: 'fail' as const }
    const opening = newer(underWay(advance).record, range(0, 5), range(0, 5), { policy })
    const story = begin(advance, opening).deadline().sees(range(0, 5))
    expect(story.record.state).toBe('converged')
    expect(story.record.sentence).toContain('vCPU 4-5 may still go; that would be recorded.')
    story.after(5000).sees(range(0, 3))
    expect(story.vcpus).toBe('4:removed 5:removed')
    expect(story.diary.slice(-2)).toEqual(['vcpu-removed-late info', 'vcpu-removed-late info'])
  },

  'R21 a policy that does not wait on ends badly where others took away what was added': (advance) => {
    const policy = { ...THREE_REQUESTS, attempts: 1, ending: 'fail' as const }
    const opening = newer(underWay(advance).record, range(0, 7), range(0, 5), { policy })
    const story = begin(advance, opening).accepted().after(100).sees(range(0, 7))
    story.after(100).sees(range(0, 5)).deadline().sees(range(0, 5))
    expect(story.record.state).toBe('failed')
    expect(story.vcpus).toBe('4:pending-removal 5:pending-removal 6:absent 7:absent')
    expect(story.record.sentence).toContain('Others removed vCPU 6-7 meanwhile.')
  },

  'R21 further down: one request for all that has to go': (advance) => {
    const story = begin(advance, newer(underWay(advance).record, range(0, 1), range(0, 5)))
    expect(story.sent).toEqual([{ kind: 'set-vcpus', ids: [2, 3, 4, 5], enable: false }])
    story.accepted().after(500).sees(range(0, 1))
    expect(story.record.state).toBe('converged')
  },

  'R21 fewer than before but more than were asked for: some stay out, some come back': (advance) => {
    const open = new Story(advance, openExample({ policy: THREE_REQUESTS })).begin().accepted().record
    const story = begin(advance, newer(open, range(0, 5), range(0, 7)))
    expect(story.sent).toEqual([{ kind: 'set-vcpus', ids: [6, 7], enable: false }])
    story.accepted().after(500).sees(range(0, 3))
    expect(story.sent).toEqual([{ kind: 'set-vcpus', ids: [4, 5], enable: true }])
    story.accepted().after(100).sees(range(0, 5))
    expect(story.record.state).toBe('converged')
    expect(story.vcpus).toBe('4:present 5:present 6:removed 7:removed')
  },

  'R21 an addition on its way that is not wanted any more is removed once it shows': (advance) => {
    const open = new Story(advance, openPlug({ policy: THREE_REQUESTS })).begin().record
    const fates = changeMind(open, new Set(range(0, 3)), new Set(range(0, 3)))
    const merged = openingOfMerge(open, 'unplug', fates, START + 1000)
    const story = begin(
      advance,
      openExample({ id: NEWER, at: START + 1000, method: 'ids', policy: THREE_REQUESTS, merged }),
    )
    expect(story.sent).toEqual([])
    story.after(100).sees(range(0, 7))
    expect(story.sent).toEqual([{ kind: 'set-vcpus', ids: [4, 5, 6, 7], enable: false }])
    story.accepted().after(500).sees(range(0, 3))
    expect(story.record.state).toBe('converged')
  },

  'R21 an addition that never came needs no removal': (advance) => {
    const open = new Story(advance, openPlug({ policy: THREE_REQUESTS })).begin().record
    const fates = changeMind(open, new Set(range(0, 3)), new Set(range(0, 3)))
    const merged = openingOfMerge(open, 'unplug', fates, START + 1000)
    const opening = openExample({ id: NEWER, at: START + 1000, policy: THREE_REQUESTS, merged })
    const story = begin(advance, opening).after(100).sees(range(0, 3))
    expect(story.record.state).toBe('pending')
    expect(story.deadline().sees(range(0, 3)).record.state).toBe('converged')
  },

  'R21 killed while what went is being added back: it goes on': (advance) => {
    const opening = newer(underWay(advance).record, range(0, 7), range(0, 5))
    const story = begin(advance, opening)
      .accepted()
      .after(100)
      .sees([...range(0, 3), 6, 7])
      .restart()
    expect(story.sent).toEqual([])
    story
      .after(5)
      .sees([...range(0, 3), 6, 7])
      .deadline()
      .sees([...range(0, 3), 6, 7])
    expect(story.sent).toEqual([{ kind: 'set-vcpus', ids: [4, 5], enable: true }])
    expect(story.accepted().after(9).sees(range(0, 7)).record.state).toBe('converged')
  },

  'R21 what cannot be added back is said, after a bounded number of requests': (advance) => {
    const story = begin(advance, newer(underWay(advance).record, range(0, 5), range(0, 5)))
    story.after(100).sees(range(0, 3))
    for (let request = 0; request < 10 && story.record.state === 'pending'; request += 1) {
      story.accepted().deadline().sees(range(0, 3))
    }
    expect(story.record.state).toBe('failed')
    expect(story.record.sentence).toContain('libvirt does not show vCPU 4-5 after 5 requests.')
  },

  'R14 strict: what cannot be added back does not keep the rest from being put back': (advance) => {
    const policy = { ...THREE_REQUESTS, ending: 'put-back' as const }
    const opening = newer(underWay(advance).record, [0, 1, 2, 4, 5], range(0, 5), { policy })
    const story = begin(advance, opening).accepted().after(100).sees([0, 1, 2])
    expect(story.vcpus).toBe('3:removed 4:adding 5:adding')
    for (let request = 0; request < 10 && story.record.state === 'pending'; request += 1) {
      story.accepted().deadline().sees([0, 1, 2])
    }
    expect(story.record.state).toBe('rolling-back')
    expect(story.sent).toEqual([{ kind: 'set-vcpus', ids: [3, 4, 5], enable: true }])
    expect(story.accepted().after(100).sees(range(0, 5)).record.state).toBe('rolled-back')
  },

  'R9 adding back what went is no reason to ask for the stuck ones sooner': (advance) => {
    const policy = { ...THREE_REQUESTS, attempts: 1 }
    const open = new Story(advance, openExample({ policy })).begin().accepted().record
    const story = begin(advance, newer(open, range(0, 5), range(0, 7), { policy })).accepted()
    story.deadline().sees(range(0, 7))
    expect(story.vcpus).toBe('4:pending-removal 5:pending-removal 6:stuck 7:stuck')
    story.after(100).sees([0, 1, 2, 3, 6, 7])
    expect(story.sent).toEqual([{ kind: 'set-vcpus', ids: [4, 5], enable: true }])
    story.accepted().after(100).sees(range(0, 7))
    story.after(policy.deadlineMs).feed({ type: 'timer' })
    expect(story.effects).toEqual([])
    story.deadline().sees(range(0, 7))
    expect(story.sent).toEqual([{ kind: 'set-vcpus', ids: [6, 7], enable: false }])
  },

  'R3 while nobody knows whether the first request was carried out, nothing else is asked for': (advance) => {
    const open = new Story(advance, openExample({ policy: THREE_REQUESTS })).begin().accepted().record
    const story = begin(advance, newer(open, range(0, 5), range(0, 7)))
    story.after(100).feed({ type: 'answer-lost', attempt: 1, error: { message: 'cut' } })
    const readAt = story.after(100).at
    story.after(5).feed({ type: 'rejected', attempt: 1, error: { message: 'busy' } })
    story.sees([0, 1, 2, 3, 6, 7], { readAt })
    expect(story.sent).toEqual([])
    story.after(5).sees([0, 1, 2, 3, 6, 7])
    expect(story.record.state).toBe('failed')
  },

  'R22 what the guest took offline for the older one is brought online when it stays': (advance) => {
    const policy = { ...THREE_REQUESTS, drain: true }
    const open = new Story(advance, openExample({ policy })).begin()
    open.feed({ type: 'drained', vcpus: [4, 5, 6, 7] }).accepted()
    const story = begin(advance, newer(open.record, range(0, 7), range(0, 7)))
    story.after(50).refusal(4).after(1).refusal(6).after(5).sees(range(0, 7))
    expect(story.record.state).toBe('converged')
    expect(story.effects).toEqual([{ type: 'online', vcpus: [4, 5, 6, 7] }])
  },

  'R17 who wants to be told is kept with the operation, once each': (advance) => {
    const story = underWay(advance)
    story.feed({ type: 'tell', by: ANN, on: true }).feed({ type: 'tell', by: ANN, on: true })
    expect(story.record.tell).toEqual([ANN])
    story.feed({ type: 'tell', by: { kind: 'user', name: 'bob' }, on: true })
    story.feed({ type: 'tell', by: ANN, on: false })
    expect(story.record.tell).toEqual([{ kind: 'user', name: 'bob' }])
    expect(story.after(9).sees(range(0, 3)).record).toMatchObject({
      state: 'converged',
      tell: [{ name: 'bob' }],
    })
  },
}
