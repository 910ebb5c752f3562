import { randomBytes } from 'node:crypto'
import { encode } from 'uqr'
import type {
  Actor,
  RecoveryCodes,
  TwoFactorEnrolment,
  TwoFactorStatus,
  User,
} from '@coreshift/shared/contract'
import type { AuditDraft } from '../audit/audit-log.ts'
import { Failure } from '../failure.ts'
import type { SecretBox } from '../secrets/secret-box.ts'
import { twoFactorPurpose } from '../secrets/secret-purpose.ts'
import type { TwoFactorRepository } from '../store/two-factor-repository.ts'
import { newRecoveryCodes, recoveryCodeHash } from './recovery-codes.ts'
import { SECRET_BYTES, base32, otpauthUri, stepOfCode } from './totp.ts'

/** What authenticator apps show as the issuer. */
const ISSUER = 'Coreshift'

/** For whom and from where a change is asked for. */
export interface TwoFactorContext {
  readonly actor: Actor
  readonly requestId?: string
}

/**
 * The second step of a sign-in: a code of an authenticator app (RFC 6238), or one of the recovery codes. The caller has
 * checked the password before any of these but `status`.
 */
export interface TwoFactor {
  status(user: User): Promise<TwoFactorStatus>
  /**
   * A new key for an app; in force once `confirm` got its code.
   * @throws Failure `conflict` when one is in force, or when the account signs in elsewhere
   */
  enrol(user: User): Promise<TwoFactorEnrolment>
  /** @throws Failure `invalid-request` for a wrong code, `conflict` when nothing was begun */
  confirm(user: User, code: string, context: TwoFactorContext): Promise<RecoveryCodes>
  /** Uses up a code or a recovery code. @returns false for a wrong one and for one that was used */
  accept(user: User, code: string, context: TwoFactorContext): Promise<boolean>
  /** @throws Failure `conflict` when none is in force */
  renewCodes(user: User, context: TwoFactorContext): Promise<RecoveryCodes>
  /** @throws Failure `conflict` when none is in force, or while an administrator requires one */
  disable(user: User, context: TwoFactorContext): Promise<void>
  /** For an account whose owner lost everything. @throws Failure `conflict` when none is in force */
  reset(user: User, context: TwoFactorContext): Promise<void>
}

interface TwoFactorOptions {
  readonly repository: TwoFactorRepository
  readonly secrets: SecretBox
  readonly required: () => boolean
  readonly now: () => Date
}

export function createTwoFactor({ repository, secrets, required, now }: TwoFactorOptions): TwoFactor {
  async function secretOf(user: User): Promise<{ secret: Buffer; lastStep: number } | undefined> {
    const stored = await repository.find(user.id)
    if (!stored) return undefined
    const secret = Buffer.from(secrets.open(stored.secret, twoFactorPurpose(user.id)), 'base64')
    return { secret, lastStep: stored.lastStep }
  }

  const draft = (
    user: User,
    { actor, requestId }: TwoFactorContext,
    action: string,
    message: string,
  ): AuditDraft => ({
    at: now().toISOString(),
    actor,
    action,
    outcome: 'done',
    message,
    detail: { user: user.id, name: user.name },
    ...(requestId === undefined ? {} : { requestId }),
  })

  function refuseUnlessEnabled(user: User): void {
    if (!user.twoFactor) throw new Failure('conflict', `${user.name} has no authenticator.`)
  }

  return {
    async status(user) {
      return {
        available: user.source === 'password',
        enabled: user.twoFactor,
        required: required(),
        recoveryCodesLeft: await repository.codesLeft(user.id),
      }
    },
    async enrol(user) {
      if (user.source !== 'password') {
        throw new Failure(
          'conflict',
          'This account signs in at the OIDC provider; its second step is set there.',
        )
      }
      if (user.twoFactor) {
        throw new Failure('conflict', 'An authenticator is in use already. Switch it off first.')
      }
      const secret = randomBytes(SECRET_BYTES)
      await repository.prepare(
        user.id,
        secrets.seal(secret.toString('base64'), twoFactorPurpose(user.id)),
        now().toISOString(),
      )
      const uri = otpauthUri(ISSUER, user.name, secret)
      return { uri, secret: base32(secret), qr: qrRows(uri) }
    },
    async confirm(user, code, context) {
      const stored = user.twoFactor ? undefined : await secretOf(user)
      if (!stored) throw new Failure('conflict', 'No authenticator is waiting for its first code.')
      const step = stepOfCode(stored.secret, digitsOf(code), now().getTime(), stored.lastStep)
      const codes = newRecoveryCodes()
      const message = `${user.name} has an authenticator for the sign-in.`
      const confirmed =
        step !== undefined &&
        (await repository.confirm(
          user.id,
          step,
          codes.map(recoveryCodeHash),
          draft(user, context, 'two-factor.enabled', message),
        ))
      if (!confirmed) {
        const wrong =
          'The code is not right. Look at the clock of the device, and send the code that it shows now.'
        throw new Failure('invalid-request', wrong, { issues: [{ path: 'code', message: wrong }] })
      }
      return { codes }
    },
    async accept(user, code, context) {
      const stored = user.twoFactor ? await secretOf(user) : undefined
      if (!stored) return false
      const digits = digitsOf(code)
      if (/^\d{6}$/.test(digits)) {
        const step = stepOfCode(stored.secret, digits, now().getTime(), stored.lastStep)
        return step !== undefined && repository.takeStep(user.id, step)
      }
      return repository.takeRecoveryCode(
        user.id,
        recoveryCodeHash(code),
        draft(user, context, 'two-factor.recovery-code-used', `${user.name} used up a recovery code.`),
      )
    },
    async renewCodes(user, context) {
      refuseUnlessEnabled(user)
      const codes = newRecoveryCodes()
      await repository.replaceCodes(
        user.id,
        codes.map(recoveryCodeHash),
        draft(user, context, 'two-factor.codes-renewed', `${user.name} has new recovery codes.`),
      )
      return { codes }
    },
    async disable(user, context) {
      refuseUnlessEnabled(user)
      if (required()) {
        throw new Failure(
          'conflict',
          'An administrator requires an authenticator; it cannot be switched off.',
        )
      }
      const message = `${user.name} switched the authenticator off.`
      await repository.remove(user.id, draft(user, context, 'two-factor.disabled', message))
    },
    async reset(user, context) {
      refuseUnlessEnabled(user)
      const message = `${context.actor.name} took the authenticator off ${user.name}.`
      await repository.remove(user.id, draft(user, context, 'two-factor.reset', message))
    },
  }
}

/** People copy codes with the space that apps show in the middle. */
function digitsOf(code: string): string {
  return code.replaceAll(/\s/g, '')
}

/** One text a row, 1 = dark, with the quiet zone of four modules that readers need. */
function qrRows(text: string): string[] {
  const { data } = encode(text, { border: 4, ecc: 'M' })
  return data.map((row) => row.map((dark) => (dark ? '1' : '0')).join(''))
}
