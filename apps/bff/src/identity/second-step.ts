import { z } from 'zod'
import { derivedSecretBox, UnreadableSecretError } from '../secrets/secret-box.ts'
import { secretHash } from '../secrets/random-secret.ts'
import { clearedCookie, cookieValue, setCookie, type CookiePlace } from './cookie.ts'

/** Between the right password and the code. */
const SECOND_STEP_S = 300

const Challenge = z.object({ user: z.string(), until: z.number(), password: z.string() })

/** That somebody knew the password of an account a moment ago, kept in the browser and sealed. */
export interface SecondStep {
  /** @returns `Set-Cookie` value */
  begin(userId: string, passwordHash: string): string
  /** @returns id of the account, or undefined without, after or with another password than at the beginning */
  userOf(
    cookieHeader: string | undefined,
  ): { readonly id: string; fits(passwordHash: string): boolean } | undefined
  /** `Set-Cookie` value that ends it */
  readonly ended: string
}

interface SecondStepOptions {
  readonly signingKey: string
  readonly secure: boolean
  readonly nowMs: () => number
}

const PURPOSE = 'second-step'

export function createSecondStep({ signingKey, secure, nowMs }: SecondStepOptions): SecondStep {
  const box = derivedSecretBox(signingKey, 'coreshift second step')
  const place: CookiePlace = {
    name: 'coreshift.second_step',
    path: '/api/v1/session',
    sameSite: 'Strict',
    secure,
  }
  return {
    begin(userId, passwordHash) {
      const challenge = {
        user: userId,
        until: nowMs() + SECOND_STEP_S * 1000,
        password: secretHash(passwordHash),
      }
      return setCookie(place, box.seal(JSON.stringify(challenge), PURPOSE), SECOND_STEP_S)
    },
    userOf(cookieHeader) {
      const sealed = cookieValue(cookieHeader, place.name)
      if (sealed === undefined) return undefined
      let text: string
      try {
        text = box.open(sealed, PURPOSE)
      } catch (error) {
        if (error instanceof UnreadableSecretError) return undefined
        throw error
      }
      const { user, until, password } = Challenge.parse(JSON.parse(text))
      if (until <= nowMs()) return undefined
      return { id: user, fits: (passwordHash) => secretHash(passwordHash) === password }
    },
    ended: clearedCookie(place),
  }
}
