import { describe, expect, it } from 'vitest'
import type { Reason, SocketsOption } from '@coreshift/shared/contract'
import { groupReasons, markOf, verdictFor, withoutOpenResize } from './sockets-scale.ts'

const reason = (code: Reason['code'], message: string, unlock?: Reason['unlock']): Reason => ({
  code,
  message,
  ...(unlock ? { unlock } : {}),
})

function option(
  sockets: number,
  live: Reason[],
  nextBoot: Reason[] = [],
  acknowledge?: string[],
): SocketsOption {
  const verdict = (reasons: Reason[]) => ({
    allowed: reasons.every((r) => r.code === 'unverified-guest-os'),
    reasons,
    ...(acknowledge ? { acknowledge } : {}),
  })
  return { sockets, vcpus: sockets * 2, live: verdict(live), nextBoot: verdict(nextBoot) }
}

const fixed = reason('vcpu-not-hotpluggable', 'vCPU 2-3 were present at boot.', ['use-next-boot'])
const host = reason('host-maximum', 'The host has 12 CPUs.')
const untested = reason('unverified-guest-os', 'This guest is untested.')
const busy = reason('resize-in-progress', 'ann resizes it since 12:03.', ['replace-resize'])

describe('a value on the scale', () => {
  it.each([
    ['nothing against it', option(3, []), 'live', 'open'],
    ['only the running machine against it', option(1, [fixed]), 'live', 'later'],
    ['only the running machine against it, for the next boot', option(1, [fixed]), 'nextBoot', 'open'],
    ['only the running machine against it, for both', option(1, [fixed]), 'both', 'later'],
    ['the host against it', option(7, [host], [host]), 'live', 'closed'],
    ['what can be acknowledged', option(3, [untested]), 'both', 'open'],
  ] as const)('with %s is marked by what is possible', (_, value, mode, mark) => {
    expect(markOf(value, mode)).toBe(mark)
  })

  it('needs both halves for both, and says a shared reason once', () => {
    const verdict = verdictFor(option(7, [host, fixed], [host]), 'both')
    expect(verdict.allowed).toBe(false)
    expect(verdict.reasons).toEqual([host, fixed])
  })

  it('keeps what has to be acknowledged in either half', () => {
    expect(verdictFor(option(3, [untested], [], ['unverified-guest-os']), 'both').acknowledge).toEqual([
      'unverified-guest-os',
    ])
  })
})

describe('the reasons under the scale', () => {
  it('stand once for all the values they concern, in the order of the values', () => {
    const options = [option(1, [fixed]), option(2, []), option(7, [host], [host]), option(8, [host], [host])]
    expect(groupReasons(options, 'live', 2).map(({ range, message }) => [range, message])).toEqual([
      ['1', fixed.message],
      ['7-8', host.message],
    ])
  })

  it('take the words of the value nearest to the current one where they differ from value to value', () => {
    const options = [
      option(1, [reason('vcpu-not-hotpluggable', 'vCPU 2-7')]),
      option(2, [reason('vcpu-not-hotpluggable', 'vCPU 4-7')]),
      option(3, [reason('vcpu-not-hotpluggable', 'vCPU 6-7')]),
    ]
    const groups = groupReasons(options, 'live', 4)
    expect(groups).toHaveLength(1)
    expect(groups[0]).toMatchObject({ range: '1-3', message: 'vCPU 6-7' })
  })

  it('leave out values that are possible after an acknowledgement', () => {
    expect(groupReasons([option(3, [untested])], 'live', 4)).toEqual([])
  })
})

describe('the options of a request that replaces the open resize', () => {
  it('are no longer held up by that resize, but by everything else', () => {
    const [first, second] = withoutOpenResize([option(3, [busy]), option(7, [busy, host], [busy])])
    expect(first?.live).toEqual({ allowed: true, reasons: [] })
    expect(second?.live).toEqual({ allowed: false, reasons: [host] })
    expect(second?.nextBoot.allowed).toBe(true)
  })

  it('still ask for the acknowledgement', () => {
    const [only] = withoutOpenResize([option(3, [busy, untested])])
    expect(only?.live).toEqual({ allowed: true, reasons: [untested], acknowledge: ['unverified-guest-os'] })
  })
})
