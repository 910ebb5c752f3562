import { z } from 'zod'
import {
  PasswordAgain,
  RecoveryCodes,
  TwoFactorCode,
  TwoFactorEnrolment,
  TwoFactorStatus,
} from '@coreshift/shared/contract'
import { route, type Route } from '../route.ts'
import type { ApiServices } from '../services.ts'

export function twoFactorRoutes({ identity: { twoFactor } }: ApiServices): Route[] {
  return [
    route({
      method: 'GET',
      path: '/two-factor',
      access: 'signed-in',
      summary: 'Whether the own account has an authenticator',
      answers: { 200: { description: 'The second step of the own sign-in', schema: TwoFactorStatus } },
      handle: async ({ who }) => ({ status: 200, body: await twoFactor.status(who()) }),
    }),
    route({
      method: 'POST',
      path: '/two-factor/enrolment',
      access: 'signed-in',
      summary: 'A new key for an authenticator app; in force once its first code was sent back',
      body: PasswordAgain,
      limited: true,
      answers: { 200: { description: 'The key, also as a QR code', schema: TwoFactorEnrolment } },
      handle: async ({ who, body, context }) => ({
        status: 200,
        body: await twoFactor.enrol(who(), body.password, context),
      }),
    }),
    route({
      method: 'POST',
      path: '/two-factor/confirmation',
      access: 'signed-in',
      summary: 'The first code of the app: from now on one is asked for at every sign-in',
      body: TwoFactorCode,
      limited: true,
      answers: { 200: { description: 'Codes for the day when the app is lost', schema: RecoveryCodes } },
      handle: async ({ who, body, context }) => ({
        status: 200,
        body: await twoFactor.confirm(who(), body.code, context),
      }),
    }),
    route({
      method: 'POST',
      path: '/two-factor/recovery-codes',
      access: 'signed-in',
      summary: 'New recovery codes; the ones before are no longer good',
      body: PasswordAgain,
      limited: true,
      answers: { 200: { description: 'The codes', schema: RecoveryCodes } },
      handle: async ({ who, body, context }) => ({
        status: 200,
        body: await twoFactor.renewCodes(who(), body.password, context),
      }),
    }),
    route({
      method: 'POST',
      path: '/two-factor/disable',
      access: 'signed-in',
      summary: 'Switches the authenticator off, unless an administrator requires one',
      body: PasswordAgain,
      limited: true,
      answers: { 204: { description: 'Off' } },
      handle: async ({ who, body, context }) => {
        await twoFactor.disable(who(), body.password, context)
        return { status: 204 }
      },
    }),
    route({
      method: 'DELETE',
      path: '/users/:id/two-factor',
      access: 'manage-users',
      summary: 'Takes the authenticator off an account whose owner lost it',
      params: z.object({ id: z.string().min(1).max(200) }),
      answers: { 204: { description: 'Taken off' } },
      handle: async ({ params, who, context }) => {
        await twoFactor.reset(params.id, who(), context)
        return { status: 204 }
      },
    }),
  ]
}
