import { DEFAULT_POLICIES } from '@coreshift/shared'
import { expect } from 'vitest'
import { openExample, range, THREE_REQUESTS } from '../open-example.ts'
import type { Advance } from '../promises.ts'
import { Story } from '../story.ts'

export type StoryBook = Readonly<Record<string, (advance: Advance) => void>>

const ALL = range(0, 7)
const BACKGROUND = { ...DEFAULT_POLICIES.background, preset: 'background' as const }

export const unplugStories: StoryBook = {
  'R3 an accepted request is pending, and each pair of threads is removed when a re-read shows it': (
    advance,
  ) => {
    const story = new Story(advance, openExample()).begin()
    expect(story.sent).toEqual([{ kind: 'set-count', vcpus: 4, ids: [4, 5, 6, 7], enable: false }])
    story.after(5).accepted()
    expect(story.record.state).toBe('pending')
    expect(story.vcpus).toBe('4:pending-removal 5:pending-removal 6:pending-removal 7:pending-removal')
    expect(story.record.sentence).toBe('Waiting for the guest: 0 of 4 removed.')
    story.after(295).event(6).event(7)
    expect(story.did).toEqual(['observe'])
    expect(story.vcpus).toContain('7:pending-removal')
    story.after(10).sees(range(0, 5))
    expect(story.vcpus).toBe('4:pending-removal 5:pending-removal 6:removed 7:removed')
    expect(story.record.sentence).toBe('Waiting for the guest: 2 of 4 removed.')
    story.after(190).event(4).event(5).sees(range(0, 3))
    expect(story.record.state).toBe('converged')
    expect(story.record.sentence).toBe('Resized to 2 sockets in 0.5 s.')
    expect(story.diary).toEqual([
      'requested started',
      'accepted info',
      'vcpu-removed info',
      'vcpu-removed info',
      'vcpu-removed info',
      'vcpu-removed info',
      'finished done',
    ])
    expect(story.audit[2]?.message).toBe('vCPU 6 removed after 0.3 s.')
    expect(story.audit[2]?.durationMs).toBe(310)
  },

  'R3 an event before the reply is kept, and the operation waits for the reply': (advance) => {
    const story = new Story(advance, openExample()).begin().after(3).event(7)
    expect(story.did).toEqual(['observe'])
    story.after(1).sees(range(0, 5))
    expect(story.vcpus).toContain('6:removed 7:removed')
    expect(story.record.state).toBe('submitting')
    story.sees(range(0, 3))
    expect(story.record.state).toBe('submitting')
    story.accepted()
    expect(story.record.state).toBe('pending')
    expect(story.did).toEqual(['observe'])
    story.sees(range(0, 3))
    expect(story.record.state).toBe('converged')
  },

  'R9 a held-back completion: pending, overdue, asked again, healed by the second request': (advance) => {
    const story = new Story(advance, openExample({ unitSize: 1 })).begin().after(5).accepted().deadline()
    expect(story.did).toEqual(['observe'])
    expect(story.record.overdue).toBe(false)
    story.after(5).sees(ALL)
    expect(story.record.overdue).toBe(true)
    expect(story.record.state).toBe('pending')
    expect(story.sent).toEqual([{ kind: 'set-vcpus', ids: [4, 5, 6, 7], enable: false }])
    expect(story.record.vcpus.map((vcpu) => vcpu.attempts)).toEqual([2, 2, 2, 2])
    story.after(3).event(7).accepted().after(2).sees(range(0, 3))
    expect(story.record.state).toBe('converged')
    expect(story.record.sentence).toBe('Removed late: resized to 2 sockets in 30 s.')
    expect(story.diary).toEqual([
      'requested started',
      'accepted info',
      'overdue info',
      'asked-again info',
      'vcpu-removed info',
      'vcpu-removed info',
      'vcpu-removed info',
      'vcpu-removed info',
      'finished done',
    ])
    expect(story.audit[4]?.message).toBe('vCPU 4 removed late after 30 s.')
  },

  'R1 a stale event for a vCPU that is present leads to a look and to nothing else': (advance) => {
    const story = new Story(advance, openExample()).begin().accepted().after(100).event(7)
    story.after(5).sees(ALL)
    expect(story.vcpus).toBe('4:pending-removal 5:pending-removal 6:pending-removal 7:pending-removal')
    expect(story.record.state).toBe('pending')
  },

  'R7 events of other vCPUs, and again of one that is removed, change nothing': (advance) => {
    const story = new Story(advance, openExample()).begin().accepted().after(10).sees(range(0, 5))
    const before = story.record
    for (const vcpu of [0, 3, 8, 6, 7]) expect(story.event(vcpu).did).toEqual([])
    expect(story.refusal(2).did).toEqual([])
    expect(story.refusal(6).did).toEqual([])
    expect(story.record).toBe(before)
  },

  'R2 a read that began before the operation, or before a vCPU changed, says nothing about it': (advance) => {
    const opening = openExample()
    const story = new Story(advance, opening).begin().after(50).accepted()
    const early = story.at - 60
    story.sees(range(0, 3), { readAt: early })
    expect(story.vcpus).toContain('7:pending-removal')
    expect(story.record.state).toBe('pending')
    const stopped = { presence: 'stopped' as const, readAt: early }
    expect(story.sees([], stopped).record.state).toBe('pending')
    const slow = story.at
    story.after(20).sees(range(0, 5))
    expect(story.vcpus).toContain('7:removed')
    story.after(5).sees(ALL, { readAt: slow })
    expect(story.vcpus).toContain('7:removed')
  },

  'R15 refused after a part went: two of four removed is two of four, and the rest is refused': (advance) => {
    const story = new Story(advance, openExample()).begin().accepted()
    story.after(300).event(6).event(7).sees(range(0, 5)).after(100)
    const readBefore = story.at
    story.after(1).refusal(4)
    expect(story.vcpus).toContain('4:pending-removal 5:pending-removal')
    // A read that was under way when the report came does not make a refusal of it.
    story.sees(range(0, 5), { readAt: readBefore })
    expect(story.vcpus).toContain('4:pending-removal 5:pending-removal')
    story.after(4).sees(range(0, 5))
    expect(story.vcpus).toBe('4:refused 5:refused 6:removed 7:removed')
    expect(story.record.state).toBe('failed')
    expect(story.record.sentence).toBe(
      '2 of 4 removed; the guest refused vCPU 4-5 (it may be its last online CPU). What was removed stays removed; the rest is unchanged.',
    )
    expect(story.diary.at(-1)).toBe('finished partial')
    expect(story.diary.filter((line) => line === 'vcpu-refused refused')).toHaveLength(2)
  },

  'R15 a refused unit is not called the last online CPU of a guest that was to keep many': (advance) => {
    const opening = openExample({ to: { sockets: 3, vcpus: 6 }, vcpus: [6, 7] })
    const story = new Story(advance, opening).begin().accepted().after(5).refusal(6).after(5).sees(ALL)
    expect(story.record.sentence).toBe(
      '0 of 2 removed; the guest refused vCPU 6-7. Nothing was removed; the rest is unchanged.',
    )
  },

  'R15 one unit refused while another is out: the other is waited for': (advance) => {
    const story = new Story(advance, openExample()).begin().accepted().after(5).refusal(6).after(5).sees(ALL)
    expect(story.vcpus).toBe('4:pending-removal 5:pending-removal 6:refused 7:refused')
    expect(story.record.state).toBe('pending')
    expect(story.record.sentence).toContain('the guest refused vCPU 6-7')
    story.after(300).event(4).sees([0, 1, 2, 3, 6, 7])
    expect(story.record.state).toBe('failed')
    expect(story.diary.at(-1)).toBe('finished partial')
  },

  'R1 how many there are decides nothing: which ones does': (advance) => {
    const story = new Story(advance, openExample()).begin().accepted().after(5).sees([0, 1, 6, 7])
    expect(story.record.state).toBe('pending')
    expect(story.vcpus).toBe('4:removed 5:removed 6:pending-removal 7:pending-removal')
  },

  'R15 a reported refusal of a vCPU that a re-read shows gone is a removal': (advance) => {
    const story = new Story(advance, openExample({ vcpus: [6, 7] })).begin().accepted()
    story.after(5).refusal(6).after(5).sees(range(0, 5))
    expect(story.vcpus).toBe('6:removed 7:removed')
    expect(story.record.state).toBe('converged')
  },

  'R15 refused entirely: nothing was removed, and the outcome says refused': (advance) => {
    const story = new Story(advance, openExample({ vcpus: [6, 7] })).begin().accepted()
    story.after(5).refusal(6).after(5).sees(ALL)
    expect(story.record.state).toBe('failed')
    expect(story.diary.at(-1)).toBe('finished refused')
    expect(story.record.sentence).toContain('0 of 2 removed; the guest refused vCPU 6-7')
  },

  'R15 a policy that retries refusals asks again at the deadline, as often as it says': (advance) => {
    const policy = { ...THREE_REQUESTS, retryRefused: true }
    const story = new Story(advance, openExample({ vcpus: [6, 7], policy })).begin().accepted()
    for (const request of [2, 3]) {
      story.after(5).refusal(6).after(5).sees(ALL)
      expect(story.vcpus).toBe('6:refused 7:refused')
      expect(story.record.state).toBe('pending')
      story.deadline().after(1).sees(ALL)
      expect(story.sent).toEqual([{ kind: 'set-vcpus', ids: [6, 7], enable: false }])
      expect(story.record.attempts).toBe(request)
      expect(story.vcpus).toBe('6:pending-removal 7:pending-removal')
      story.accepted()
    }
    story.after(5).refusal(6).after(5).sees(ALL)
    expect(story.record.state).toBe('failed')
    expect(story.record.overdue).toBe(false)
  },

  'R15 a refusal that is reported while the deadline looks is judged before anything is asked again': (
    advance,
  ) => {
    const story = new Story(advance, openExample({ vcpus: [6, 7], policy: THREE_REQUESTS }))
      .begin()
      .accepted()
    const readAt = story.deadline().at
    story.after(5).refusal(6).after(5).sees(ALL, { readAt })
    expect(story.sent).toEqual([])
    expect(story.vcpus).toBe('6:pending-removal 7:pending-removal')
    story.after(5).sees(ALL)
    expect(story.vcpus).toBe('6:refused 7:refused')
    expect(story.record.state).toBe('failed')
  },

  'R9 silent to the end: stuck, deferred with the time of the next look, and healed in the end': (
    advance,
  ) => {
    const story = new Story(advance, openExample({ policy: THREE_REQUESTS })).begin().accepted()
    for (let request = 1; request < 3; request += 1) story.deadline().sees(ALL).accepted()
    expect(story.record.attempts).toBe(3)
    story.deadline().sees(ALL)
    expect(story.record.state).toBe('deferred')
    expect(story.vcpus).toBe('4:stuck 5:stuck 6:stuck 7:stuck')
    expect(Date.parse(story.record.deadlineAt ?? '') - story.at).toBe(60_000)
    expect(story.record.sentence).toBe(
      'No answer to 3 requests for vCPU 4-7; 0 of 4 removed. The guest may still let go; Coreshift keeps watching and will correct this record.',
    )
    story.deadline().sees(ALL)
    expect(story.sent).toHaveLength(1)
    expect(story.record.state).toBe('deferred')
    story.accepted().after(400).event(4).sees(range(0, 3))
    expect(story.record.state).toBe('converged')
  },

  'R9 keep waiting: looked at at intervals, the guest is not asked again': (advance) => {
    const policy = { ...THREE_REQUESTS, attempts: 1, ending: 'keep-waiting' as const }
    const story = new Story(advance, openExample({ policy })).begin().accepted().deadline().sees(ALL)
    expect(story.record.state).toBe('deferred')
    for (let look = 0; look < 3; look += 1) {
      story.deadline().sees(ALL)
      expect(story.sent).toEqual([])
      expect(story.record.attempts).toBe(1)
    }
    story.after(1).event(7).sees(range(0, 3))
    expect(story.record.state).toBe('converged')
  },

  'R9 a policy that fails ends at its deadline, and a later completion is an entry of its own (R6)': (
    advance,
  ) => {
    const policy = { ...THREE_REQUESTS, attempts: 1, ending: 'fail' as const }
    const story = new Story(advance, openExample({ policy })).begin().accepted()
    story.after(300).sees(range(0, 5)).deadline().sees(range(0, 5))
    expect(story.record.state).toBe('failed')
    expect(story.diary.at(-1)).toBe('finished partial')
    const written = story.audit.length
    story.after(182_000).event(5)
    expect(story.did).toEqual(['observe'])
    story.sees(range(0, 3))
    expect(story.record.state).toBe('failed')
    expect(story.vcpus).toBe('4:removed 5:removed 6:removed 7:removed')
    expect(story.audit.slice(written).map((entry) => entry.message)).toEqual([
      'vCPU 4 removed late after 3 m 12 s.',
      'vCPU 5 removed late after 3 m 12 s.',
    ])
    expect(story.record.sentence).toContain('vCPU 4-5 removed late after 3 m 12 s.')
    const ended = story.record
    expect(story.after(10).sees(range(0, 3)).record).toBe(ended)
  },

  'R9 in the background: each deadline is longer than the one before, up to the bound': (advance) => {
    const story = new Story(advance, openExample({ policy: BACKGROUND })).begin().accepted()
    const waits: number[] = []
    while (story.record.state === 'pending') {
      waits.push(Date.parse(story.record.deadlineAt ?? '') - story.at)
      story.deadline().sees(ALL)
    }
    expect(waits).toEqual([60_000, 120_000, 240_000, 240_000, 240_000])
    expect(story.record.state).toBe('deferred')
  },

  'R9 a timer of a deadline that was moved does nothing': (advance) => {
    const story = new Story(advance, openExample()).begin().after(2000).accepted()
    const before = story.record
    expect(story.after(28_500).feed({ type: 'timer' }).record).toBe(before)
    expect(story.did).toEqual([])
  },

  'R9 only a re-read that began after the deadline decides what the deadline asked': (advance) => {
    const story = new Story(advance, openExample()).begin().accepted().after(100)
    const early = story.at
    story.deadline().sees(ALL, { readAt: early })
    expect(story.record.attempts).toBe(1)
    expect(story.record.overdue).toBe(false)
    story.sees(ALL)
    expect(story.record.attempts).toBe(2)
  },

  'R8 asked again for exactly what is still there, by id': (advance) => {
    const story = new Story(advance, openExample())
      .begin()
      .accepted()
      .after(300)
      .sees([...range(0, 5), 8, 9])
    story.deadline().sees([...range(0, 5), 8, 9])
    expect(story.sent).toEqual([{ kind: 'set-vcpus', ids: [4, 5], enable: false }])
    expect(story.record.vcpus.map((vcpu) => vcpu.attempts)).toEqual([2, 2, 1, 1])
  },

  'R8 chosen vCPUs are asked for by id from the first request on': (advance) => {
    const story = new Story(advance, openExample({ method: 'ids', vcpus: [2, 3] })).begin()
    expect(story.sent).toEqual([{ kind: 'set-vcpus', ids: [2, 3], enable: false }])
  },

  'R1 a vCPU that others add again does not let the operation end well': (advance) => {
    const story = new Story(advance, openExample()).begin().accepted().after(10).sees(range(0, 5))
    story.after(10).sees(ALL)
    expect(story.vcpus).toContain('6:present 7:present')
    story.after(10).sees([...range(0, 3), 6, 7])
    expect(story.record.state).toBe('failed')
    expect(story.record.error).toBe('Others added vCPU 6-7 again meanwhile.')
    expect(story.diary.at(-1)).toBe('finished partial')
  },

  'R3 hosts before libvirt 12.4: the call stopped waiting, the guest still answers': (advance) => {
    const story = new Story(advance, openExample({ method: 'ids' })).begin().after(10_000).accepted(true)
    expect(story.record.state).toBe('pending')
    expect(story.record.timeline.at(-1)?.text).toBe(
      'libvirt asked the guest and stopped waiting for its answer.',
    )
    expect(Date.parse(story.record.deadlineAt ?? '') - story.at).toBe(30_000)
    story.sees(range(0, 5)).after(3000).sees(range(0, 3))
    expect(story.record.state).toBe('converged')
  },

  'R16 nothing to move and nothing to store is done at once': (advance) => {
    const story = new Story(advance, openExample({ vcpus: [] })).begin()
    expect(story.record.state).toBe('converged')
    expect(story.did).toEqual([])
  },
}
