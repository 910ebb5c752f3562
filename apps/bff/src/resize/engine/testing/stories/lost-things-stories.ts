import { DEFAULT_POLICIES } from '@coreshift/shared'
import { expect } from 'vitest'
import { openExample, openPlug, range, THREE_REQUESTS } from '../open-example.ts'
import { Story } from '../story.ts'
import type { StoryBook } from './unplug-stories.ts'

const ALL = range(0, 7)
const NO = { message: 'operation failed: no', detail: 'OPERATION_FAILED (9)' }

export const lostThingsStories: StoryBook = {
  'R3 refused at the door: a re-read shows that nothing happened, and nothing is pending': (advance) => {
    const story = new Story(advance, openExample()).begin().feed({ type: 'rejected', attempt: 1, error: NO })
    expect(story.record.state).toBe('submitting')
    expect(story.did).toEqual(['observe'])
    story.after(5).sees(ALL)
    expect(story.record.state).toBe('failed')
    expect(story.vcpus).toBe('4:present 5:present 6:present 7:present')
    expect(story.record.sentence).toBe(
      '0 of 4 removed. The request was refused by libvirt: operation failed: no.',
    )
    expect(story.diary).toEqual(['requested started', 'finished failed'])
    expect(story.audit.at(-1)?.detail?.['libvirt']).toBe('OPERATION_FAILED (9)')
  },

  'R3 refused at the door though a part was carried out: the part is kept and shown': (advance) => {
    const story = new Story(advance, openExample()).begin().event(6)
    story.feed({ type: 'rejected', attempt: 1, error: NO }).after(5).sees(range(0, 5))
    expect(story.vcpus).toBe('4:present 5:present 6:removed 7:removed')
    expect(story.record.state).toBe('failed')
    expect(story.diary.at(-1)).toBe('finished partial')
  },

  'R3 refused at the door though everything was carried out: what counts is what is seen': (advance) => {
    const story = new Story(advance, openExample()).begin().feed({ type: 'rejected', attempt: 1, error: NO })
    story.after(5).sees(range(0, 3))
    expect(story.record.state).toBe('converged')
  },

  'R3 a read that began before the refusal does not judge it': (advance) => {
    const story = new Story(advance, openExample()).begin().after(10)
    story.feed({ type: 'rejected', attempt: 1, error: NO }).sees(ALL, { readAt: story.at - 5 })
    expect(story.record.state).toBe('submitting')
    story.deadline()
    expect(story.did).toEqual(['observe'])
    story.after(1).sees(ALL)
    expect(story.record.state).toBe('failed')
  },

  'R3 refused with the report of a refused unit: the guest said no': (advance) => {
    const story = new Story(advance, openExample()).begin().refusal(4)
    story.feed({ type: 'rejected', attempt: 1, error: NO }).after(5).sees(range(0, 5))
    expect(story.vcpus).toBe('4:refused 5:refused 6:removed 7:removed')
    expect(story.record.state).toBe('failed')
  },

  'R3 the answer is lost: pending, and the deadline decides': (advance) => {
    const story = new Story(advance, openExample()).begin()
    story.feed({ type: 'answer-lost', attempt: 1, error: { message: 'connection closed' } })
    expect(story.record.state).toBe('pending')
    expect(story.record.acceptedAt).toBeUndefined()
    expect(story.did).toEqual(['observe'])
    story.sees(ALL).deadline().sees(ALL)
    expect(story.sent).toHaveLength(1)
    story.accepted().after(5).sees(range(0, 3))
    expect(story.record.state).toBe('converged')
  },

  'R3 no answer in time, then a late one: accepted is still news, and is told once': (advance) => {
    const story = new Story(advance, openExample()).begin().deadline()
    expect(story.record.state).toBe('pending')
    expect(story.did).toEqual(['observe'])
    story.feed({ type: 'answer-lost', attempt: 1, error: { message: 'connection closed' } })
    expect(story.diary.filter((line) => line.startsWith('answer-lost'))).toHaveLength(1)
    story.feed({ type: 'accepted', attempt: 1 })
    expect(story.record.acceptedAt).toBeDefined()
    story.feed({ type: 'accepted', attempt: 1 })
    expect(story.diary.filter((line) => line.startsWith('accepted'))).toHaveLength(1)
  },

  'R3 no answer in time, then a late refusal: judged after a re-read, the guest is not waited for': (
    advance,
  ) => {
    const story = new Story(advance, openExample()).begin().deadline()
    story.after(100).feed({ type: 'rejected', attempt: 1, error: NO }).after(5).sees(ALL)
    expect(story.record.state).toBe('failed')
    expect(story.record.error).toBe('The request was refused by libvirt: operation failed: no')
  },

  'R3 refused late, and a look from before the refusal shows everything done: nothing is left to judge': (
    advance,
  ) => {
    const opening = openExample({ mode: 'both', configTarget: 4 })
    const story = new Story(advance, opening).begin().deadline()
    const readAt = story.after(100).at
    story.after(5).feed({ type: 'rejected', attempt: 1, error: NO })
    story.after(5).sees(range(0, 3), { readAt, configCount: 8 })
    expect(story.did).toEqual(['write-config'])
    expect(story.record.memory.submitError).toBeUndefined()
    story.feed({ type: 'config-written' }).after(5).sees(range(0, 3), { configCount: 4 })
    expect(story.record.state).toBe('converged')
  },

  'R8 the answer of an older request does not answer the newer one': (advance) => {
    const story = new Story(advance, openExample()).begin().accepted().deadline().sees(ALL)
    story.feed({ type: 'accepted', attempt: 1 })
    expect(story.record.memory.awaitingAnswer).toBe(true)
    story.feed({ type: 'rejected', attempt: 2, error: NO })
    expect(story.record.memory.awaitingAnswer).toBe(false)
    expect(story.record.state).toBe('pending')
  },

  'R11 the input that begins is lost: the first deadline begins': (advance) => {
    const story = new Story(advance, openExample()).deadline()
    expect(story.sent).toHaveLength(1)
    expect(story.record.attempts).toBe(1)
  },

  'R10 killed before anything was sent: begun when the host is back': (advance) => {
    const story = new Story(advance, openExample()).after(5000).feed({ type: 'resume' })
    expect(story.sent).toEqual([])
    expect(story.begin().sent).toEqual([])
    story.feed({ type: 'host-back' })
    expect(story.sent).toHaveLength(1)
  },

  'R10 killed with the request out: re-read, then the deadline asks again': (advance) => {
    const story = new Story(advance, openExample()).begin().restart()
    expect(story.record.state).toBe('pending')
    expect(story.did).toEqual(['observe'])
    story.sees(ALL).deadline().sees(ALL)
    expect(story.sent).toEqual([{ kind: 'set-vcpus', ids: [4, 5, 6, 7], enable: false }])
  },

  'R10 killed while pending: what went meanwhile is seen at the first re-read': (advance) => {
    const story = new Story(advance, openExample()).begin().accepted().restart()
    story.sees(range(0, 3))
    expect(story.record.state).toBe('converged')
    expect(story.diary.filter((line) => line.startsWith('finished'))).toEqual(['finished done'])
  },

  'R10 killed with a refusal that was not judged yet: the first re-read ends it': (advance) => {
    const story = new Story(advance, openExample()).begin()
    story.feed({ type: 'rejected', attempt: 1, error: NO }).restart().sees(ALL)
    expect(story.record.state).toBe('failed')
    expect(story.record.error).toBe('The request was refused by libvirt: operation failed: no')
  },

  'R10 killed while deferred: looked at again, and asked again in its turn': (advance) => {
    const policy = { ...THREE_REQUESTS, attempts: 1 }
    const story = new Story(advance, openExample({ policy })).begin().accepted().deadline().sees(ALL)
    story.restart()
    expect(story.record.state).toBe('deferred')
    story.sees(ALL).deadline().sees(ALL)
    expect(story.sent).toHaveLength(1)
  },

  'R10 the clock was set back while the server was down: reads count all the same': (advance) => {
    const story = new Story(advance, openExample()).begin().accepted().after(100).sees(range(0, 5))
    story.after(-3_600_000).restart().sees(range(0, 3))
    expect(story.record.state).toBe('converged')
    expect(story.record.sentence).not.toContain('-')
  },

  'R6 the clock was set back after the end, while the server was down: a late completion counts all the same':
    (advance) => {
      const policy = { ...THREE_REQUESTS, attempts: 1, ending: 'fail' as const }
      const story = new Story(advance, openExample({ policy })).begin().accepted().deadline().sees(ALL)
      expect(story.record.state).toBe('failed')
      story.after(-3_600_000).feed({ type: 'resume' }).after(1000).sees(range(0, 3))
      expect(story.record.state).toBe('failed')
      expect(story.vcpus).toBe('4:removed 5:removed 6:removed 7:removed')
    },

  'R12 host lost and back: a new wait, and nothing held against the guest': (advance) => {
    const story = new Story(advance, openExample()).begin().accepted().after(29_000)
    story.feed({ type: 'host-lost', cause: 'connection reset' })
    expect(story.record.sentence).toBe(
      'Host lab cannot be reached. 0 of 4 removed as last seen. It goes on as soon as the host is back.',
    )
    story.deadline()
    expect(story.record.state).toBe('deferred')
    expect(story.did).toEqual([])
    const told = story.audit.length
    for (let look = 0; look < 5; look += 1) story.deadline()
    expect(story.audit).toHaveLength(told)
    expect(story.record.overdue).toBe(false)
    story.feed({ type: 'host-back' })
    expect(story.record.state).toBe('pending')
    expect(Date.parse(story.record.deadlineAt ?? '') - story.at).toBe(30_000)
    story.sees(ALL)
    expect(story.record.overdue).toBe(false)
    story.after(100).sees(range(0, 3))
    expect(story.record.state).toBe('converged')
  },

  'R12 host lost again and back again tells each once': (advance) => {
    const story = new Story(advance, openExample()).begin().accepted()
    story.feed({ type: 'host-lost', cause: 'a' })
    const before = story.record
    expect(story.feed({ type: 'host-lost', cause: 'b' }).record).toBe(before)
    story.feed({ type: 'host-back' })
    const back = story.record
    expect(story.feed({ type: 'host-back' }).record).toBe(back)
    expect(story.did).toEqual(['observe'])
  },

  'R12 a check that the deadline asked before the host was lost is void when it is back': (advance) => {
    const story = new Story(advance, openExample()).begin().accepted().deadline()
    story.feed({ type: 'host-lost', cause: 'a' }).after(1000).feed({ type: 'host-back' }).sees(ALL)
    expect(story.record.attempts).toBe(1)
  },

  'R12 re-reads that never come make the wait visible, and the first that comes decides': (advance) => {
    const story = new Story(advance, openExample()).begin().accepted().deadline().deadline()
    expect(story.record.state).toBe('deferred')
    expect(story.record.sentence).toBe(
      'The host does not answer: 0 of 4 removed as last seen. It is asked again.',
    )
    expect(story.did).toEqual(['observe'])
    story.deadline()
    expect(story.did).toEqual(['observe'])
    story.after(5).sees(ALL)
    expect(story.record.state).toBe('pending')
    expect(story.sent).toHaveLength(1)
  },

  'R13 the VM is shut down: nothing is pending any more': (advance) => {
    const story = new Story(advance, openExample()).begin().accepted().after(10).sees(range(0, 5))
    story.after(10).sees([], { presence: 'stopped' })
    expect(story.record.state).toBe('failed')
    expect(story.vcpus).toBe('4:absent 5:absent 6:removed 7:removed')
    expect(story.record.sentence).toBe(
      '2 of 4 removed. The VM was shut down meanwhile; nothing is pending any more.',
    )
  },

  'R13 the VM is gone from every host: the operation ends': (advance) => {
    const story = new Story(advance, openExample())
      .begin()
      .accepted()
      .after(10)
      .sees([], { presence: 'gone' })
    expect(story.record.state).toBe('failed')
    expect(story.record.error).toContain('no managed host has it')
  },

  'R13 the VM was restarted: the pending removals went with the old machine': (advance) => {
    const story = new Story(advance, openExample()).begin().accepted().after(10)
    story.sees(range(0, 7), { machine: { host: 'host-1', domainId: 8 } })
    expect(story.record.state).toBe('failed')
    expect(story.record.error).toContain('restarted meanwhile; it runs with 8 vCPUs')
    expect(story.vcpus).toContain('7:present')
  },

  'R13 the VM was restarted and came up with what was wanted: done': (advance) => {
    const story = new Story(advance, openExample()).begin().accepted().after(10)
    story.sees(range(0, 3), { machine: { host: 'host-1', domainId: 8 } })
    expect(story.record.state).toBe('converged')
  },

  'R13 the VM moved to another managed host: the operation follows it with a new wait': (advance) => {
    const story = new Story(advance, openExample()).begin().accepted().after(10)
    story.feed({ type: 'host-lost', cause: 'down for maintenance' }).after(20_000)
    const machine = { host: 'host-2', hostName: 'attic', domainId: 3 }
    story.sees(ALL, { machine })
    expect(story.record.state).toBe('pending')
    expect(story.record.hostName).toBe('attic')
    expect(story.record.memory.hostLost).toBe(false)
    expect(Date.parse(story.record.deadlineAt ?? '') - story.at).toBe(30_000)
    story.after(100).sees(range(0, 3), { machine })
    expect(story.record.state).toBe('converged')
  },

  'R6 after the end a restarted machine, and a refused vCPU that others remove, are not late completions': (
    advance,
  ) => {
    const policy = { ...THREE_REQUESTS, attempts: 1, ending: 'fail' as const }
    const story = new Story(advance, openExample({ policy })).begin().accepted().after(5).refusal(6).after(5)
    story.sees(ALL).deadline().sees(ALL)
    expect(story.record.state).toBe('failed')
    expect(story.vcpus).toBe('4:stuck 5:stuck 6:refused 7:refused')
    const ended = story.record
    story.after(1000).sees(range(0, 3), { machine: { host: 'host-1', domainId: 8 } })
    expect(story.record).toBe(ended)
    story.sees(range(0, 5))
    expect(story.record).toBe(ended)
    story.sees([...range(0, 3), 6, 7])
    expect(story.vcpus).toBe('4:removed 5:removed 6:refused 7:refused')
  },

  'R18 additions: present when a re-read shows them': (advance) => {
    const story = new Story(advance, openPlug()).begin()
    expect(story.sent).toEqual([{ kind: 'set-count', vcpus: 8, ids: [4, 5, 6, 7], enable: true }])
    story.accepted()
    expect(story.record.state).toBe('pending')
    // A removal event from an earlier life of the slot is none of its business.
    expect(story.event(7).did).toEqual([])
    story.after(5).sees(ALL)
    expect(story.record.state).toBe('converged')
    expect(story.record.sentence).toBe('Resized to 4 sockets in 0.01 s.')
    expect(story.audit[2]?.message).toBe('vCPU 4 added after 0.01 s.')
  },

  'R18 an addition that does not show is asked for again by id, and then given up': (advance) => {
    const story = new Story(advance, openPlug()).begin().accepted().after(5).sees(range(0, 5))
    story.deadline().sees(range(0, 5))
    expect(story.sent).toEqual([{ kind: 'set-vcpus', ids: [6, 7], enable: true }])
    expect(story.record.vcpus.map((vcpu) => vcpu.attempts)).toEqual([1, 1, 2, 2])
    story.accepted().deadline().sees(range(0, 5))
    expect(story.record.state).toBe('failed')
    expect(story.record.sentence).toBe('2 of 4 added. libvirt does not show vCPU 6-7 after 2 requests.')
    expect(story.diary.at(-1)).toBe('finished partial')
  },

  'R18 an addition refused at the door keeps what was added': (advance) => {
    const story = new Story(advance, openPlug()).begin().feed({ type: 'rejected', attempt: 1, error: NO })
    story.after(5).sees(range(0, 5))
    expect(story.vcpus).toBe('4:present 5:present 6:absent 7:absent')
    expect(story.record.state).toBe('failed')
  },

  'R18 an added vCPU that others remove at once does not let the operation end well': (advance) => {
    const story = new Story(advance, openPlug())
      .begin()
      .accepted()
      .after(5)
      .sees([...range(0, 5), 7])
    story.after(5).sees(range(0, 6))
    expect(story.vcpus).toBe('4:present 5:present 6:present 7:absent')
    expect(story.record.state).toBe('failed')
    expect(story.record.error).toBe('Others removed vCPU 7 meanwhile.')
  },

  'R20 a removal that is asked for again for weeks keeps a bounded flight recorder': (advance) => {
    const story = new Story(advance, openExample({ policy: DEFAULT_POLICIES.interactive })).begin().accepted()
    for (let look = 0; look < 600; look += 1) story.deadline().sees(ALL)
    expect(story.record.timeline).toHaveLength(500)
    expect(story.record.timeline[0]?.what).toBe('requested')
  },
}
