import { queryOptions } from '@tanstack/react-query'
import type { RecoveryCodes, TwoFactorEnrolment, TwoFactorStatus } from '@coreshift/shared/contract'
import type { HttpClient } from './http-client.ts'

export const TWO_FACTOR_KEY = ['two-factor'] as const

export function twoFactorQuery(http: HttpClient) {
  return queryOptions({
    queryKey: TWO_FACTOR_KEY,
    queryFn: ({ signal }) =>
      http.request<TwoFactorStatus>('GET', '/two-factor', { keys: ['enabled'], signal }),
  })
}

/** A new key; in force once its first code was confirmed. */
export function beginEnrolment(http: HttpClient, password: string): Promise<TwoFactorEnrolment> {
  return http.request<TwoFactorEnrolment>('POST', '/two-factor/enrolment', {
    body: { password },
    keys: ['secret', 'qr'],
  })
}

export function confirmEnrolment(http: HttpClient, code: string): Promise<RecoveryCodes> {
  return http.request<RecoveryCodes>('POST', '/two-factor/confirmation', { body: { code }, keys: ['codes'] })
}

export function renewRecoveryCodes(http: HttpClient, password: string): Promise<RecoveryCodes> {
  return http.request<RecoveryCodes>('POST', '/two-factor/recovery-codes', {
    body: { password },
    keys: ['codes'],
  })
}

export function disableTwoFactor(http: HttpClient, password: string): Promise<void> {
  return http.request<void>('POST', '/two-factor/disable', { body: { password } })
}

/** For somebody who lost the authenticator; administrators only. */
export function resetTwoFactor(http: HttpClient, userId: string): Promise<void> {
  return http.request<void>('DELETE', `/users/${encodeURIComponent(userId)}/two-factor`)
}
