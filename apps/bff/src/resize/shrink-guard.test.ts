import { describe, expect, it } from 'vitest'
import { guardShrink } from './shrink-guard.ts'

const size = (vcpus: number) => ({ sockets: vcpus, vcpus })
const verdict = { allowed: true, reasons: [] }
/** 8 vCPUs at 60 %: 4.8 of them are busy. */
const toFour = { kind: 'unplug' as const, from: size(8), to: size(4), verdict }
const MESSAGE = 'The guest keeps 4.8 of its 8 vCPUs busy; 4 would be too few for that.'

describe('the shrink guard', () => {
  it.each([
    ['what is left is enough', { ...toFour, to: size(5) }, 60],
    ['what is left is just enough', { ...toFour, to: size(4) }, 50],
    ['vCPUs are added', { ...toFour, kind: 'plug' as const, to: size(12) }, 100],
    ['only the next boot is changed', { ...toFour, kind: 'config' as const }, 100],
    ['no load was measured', toFour, undefined],
  ])('says nothing where %s', (_what, plan, load) => {
    expect(guardShrink(plan, load, 'refuse')).toEqual({ verdict, warnings: [] })
  })

  it('says nothing when it is switched off', () => {
    expect(guardShrink(toFour, 60, 'off')).toEqual({ verdict, warnings: [] })
  })

  it('warns, and forbids nothing', () => {
    expect(guardShrink(toFour, 60, 'warn')).toEqual({ verdict, warnings: [MESSAGE] })
  })

  it('asks for a word, beside what has to be acknowledged already, until it was given', () => {
    const unverified = {
      ...verdict,
      reasons: [{ code: 'unverified-guest-os' as const, message: 'Nobody knows.' }],
      acknowledge: ['unverified-guest-os' as const],
    }
    const asked = guardShrink({ ...toFour, verdict: unverified }, 60, 'acknowledge').verdict
    expect(asked).toMatchObject({ allowed: true, acknowledge: ['unverified-guest-os', 'guest-busy'] })
    expect(asked.reasons.map(({ code }) => code)).toEqual(['unverified-guest-os', 'guest-busy'])
    const given = guardShrink(toFour, 60, 'acknowledge', ['guest-busy']).verdict
    expect(given.acknowledge).toBeUndefined()
    expect(given.reasons).toHaveLength(1)
  })

  it('asks for no word where nothing can be had anyway', () => {
    const refused = { allowed: false, reasons: [{ code: 'vm-status' as const, message: 'Down.' }] }
    expect(guardShrink({ ...toFour, verdict: refused }, 60, 'acknowledge').verdict).not.toHaveProperty(
      'acknowledge',
    )
  })

  it('refuses, whatever was acknowledged', () => {
    const { verdict: said } = guardShrink(toFour, 60, 'refuse', ['guest-busy'])
    expect(said).toMatchObject({ allowed: false, reasons: [{ code: 'guest-busy', message: MESSAGE }] })
    expect(said).not.toHaveProperty('acknowledge')
  })
})
