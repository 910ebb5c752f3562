import { z } from 'zod'

/** The second step of a sign-in for one account. */
export const TwoFactorStatus = z
  .object({
    available: z.boolean().describe('false for accounts that sign in elsewhere (OIDC) and for tokens'),
    enabled: z.boolean().describe('true: a code of the authenticator is asked for at every sign-in'),
    required: z.boolean().describe('true: an administrator wants it; then it cannot be switched off'),
    recoveryCodesLeft: z.int().describe('codes not used up yet'),
  })
  .meta({ id: 'TwoFactorStatus' })
export type TwoFactorStatus = z.infer<typeof TwoFactorStatus>

/** The own password again: whoever finds an open browser must not be able to change how its owner signs in. */
export const PasswordAgain = z
  .object({ password: z.string().min(1).max(1000) })
  .strict()
  .meta({ id: 'PasswordAgain' })
export type PasswordAgain = z.infer<typeof PasswordAgain>

/** What an authenticator app needs. In force only when its first code was sent back. */
export const TwoFactorEnrolment = z
  .object({
    uri: z.string().describe('otpauth://totp/…, what the QR code says'),
    secret: z.string().describe('the same key to type in: base32, SHA-1, 6 digits, 30 s'),
    qr: z.array(z.string()).describe('the QR code: one text a row, one character a module, 1 = dark'),
  })
  .meta({ id: 'TwoFactorEnrolment' })
export type TwoFactorEnrolment = z.infer<typeof TwoFactorEnrolment>

export const TwoFactorCode = z
  .object({
    code: z
      .string()
      .trim()
      .min(6)
      .max(40)
      .describe('six digits of the authenticator; at a sign-in also one of the recovery codes'),
  })
  .strict()
  .meta({ id: 'TwoFactorCode' })
export type TwoFactorCode = z.infer<typeof TwoFactorCode>

export const RecoveryCodes = z
  .object({
    codes: z.array(z.string()).describe('each signs in once in place of a code; shown this once'),
  })
  .meta({ id: 'RecoveryCodes' })
export type RecoveryCodes = z.infer<typeof RecoveryCodes>
