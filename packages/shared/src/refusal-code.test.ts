import { expect, it } from 'vitest'
import { ACKNOWLEDGEABLE_CODES, REFUSAL_CODES, UNLOCKS, isAcknowledgeable } from './refusal-code.ts'

it('the codes that scripts rely on are all there, each once', () => {
  expect([...REFUSAL_CODES].sort()).toEqual([
    'above-maximum',
    'agent-required',
    'arch-blocked',
    'below-minimum',
    'guest-busy',
    'guest-os-no-plug',
    'guest-os-no-unplug',
    'hook-refused',
    'host-maximum',
    'host-offline',
    'migration-in-progress',
    'not-a-whole-socket',
    'not-permitted',
    'not-persistent',
    'reboot-required',
    'resize-in-progress',
    'unplug-disabled',
    'unverified-guest-os',
    'vcpu-not-hotpluggable',
    'vcpu-pinned',
    'vm-status',
  ])
})

it('an untested guest and a busy one can be acknowledged, and nothing else', () => {
  expect(REFUSAL_CODES.filter(isAcknowledgeable)).toEqual([...ACKNOWLEDGEABLE_CODES])
  expect(ACKNOWLEDGEABLE_CODES).toEqual(['unverified-guest-os', 'guest-busy'])
})

it('no way out is listed twice', () => {
  expect(new Set(UNLOCKS).size).toBe(UNLOCKS.length)
})
