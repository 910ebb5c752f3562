import { expect, it, vi } from 'vitest'
import type { Identity } from './identity.ts'
import { REMEMBERED_MS, rememberIdentities } from './remembered-identities.ts'

const ANNA: Identity = { kind: 'token', id: 'a', name: 'anna', role: 'viewer' }

function remembering(answer: Identity | undefined = ANNA) {
  const clock = { ms: 1_000 }
  const lookUp = vi.fn(() => Promise.resolve(answer))
  const remembered = rememberIdentities(() => clock.ms)
  return { clock, lookUp, remembered, ask: () => remembered.find('token a', lookUp) }
}

it('looks credentials up once in a short while', async () => {
  const { ask, lookUp, clock } = remembering()
  await ask()
  clock.ms += REMEMBERED_MS - 1
  expect(await ask()).toEqual(ANNA)
  expect(lookUp).toHaveBeenCalledTimes(1)
  clock.ms += 1
  await ask()
  expect(lookUp).toHaveBeenCalledTimes(2)
})

it('looks them up again after everything was forgotten', async () => {
  const { ask, lookUp, remembered } = remembering()
  await ask()
  remembered.forget()
  await ask()
  expect(lookUp).toHaveBeenCalledTimes(2)
})

it('does not remember an answer that was on its way when everything was forgotten', async () => {
  const { ask, lookUp, remembered } = remembering()
  const late = Promise.withResolvers<Identity | undefined>()
  const first = remembered.find('token a', () => late.promise)
  remembered.forget()
  late.resolve(ANNA)
  expect(await first).toEqual(ANNA)
  await ask()
  expect(lookUp).toHaveBeenCalledTimes(1)
})

it('does not remember longer than the token lives', async () => {
  const { ask, lookUp, clock } = remembering({ ...ANNA, expiresAt: new Date(1_010).toISOString() })
  await ask()
  clock.ms = 1_010
  await ask()
  expect(lookUp).toHaveBeenCalledTimes(2)
})

it('remembers no longer when the clock is set back', async () => {
  const { ask, lookUp, clock } = remembering()
  await ask()
  clock.ms -= 1
  await ask()
  expect(lookUp).toHaveBeenCalledTimes(2)
})

it('does not remember strangers', async () => {
  const clock = 0
  const lookUp = vi.fn(() => Promise.resolve<Identity | undefined>(undefined))
  const remembered = rememberIdentities(() => clock)
  expect(await remembered.find('token a', lookUp)).toBeUndefined()
  expect(await remembered.find('token a', lookUp)).toBeUndefined()
  expect(lookUp).toHaveBeenCalledTimes(2)
})

it('tells credentials apart', async () => {
  const { ask, remembered } = remembering()
  await ask()
  expect(await remembered.find('cookie a', () => Promise.resolve(undefined))).toBeUndefined()
})
