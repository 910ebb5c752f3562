import type { AuditEntry } from '@coreshift/shared/contract'
import type { IdentityEnd } from './identity.ts'

/**
 * The audit says in every process who ended, because it is written with the change and heard by all: the command
 * line and other servers included.
 */
export function endOf({ action, detail }: AuditEntry): IdentityEnd | undefined {
  switch (action) {
    case 'session.signed-out':
    case 'session.ended':
      return withId('session', detail?.['session'])
    case 'token.revoked':
      return withId('token', detail?.['token'])
    case 'user.changed':
    case 'user.removed':
    case 'two-factor.disabled':
    case 'two-factor.reset':
      return withId('user', detail?.['user'])
    case 'user.password-changed': {
      const end = withId('user', detail?.['user'])
      const keptSession = detail?.['keptSession']
      return end && typeof keptSession === 'string' ? { ...end, keptSession } : end
    }
    case 'settings.changed':
      return requiresTwoFactor(detail?.['after']) && !requiresTwoFactor(detail?.['before'])
        ? { kind: 'password-only' }
        : undefined
    default:
      return undefined
  }
}

function withId<K extends 'session' | 'token' | 'user'>(
  kind: K,
  id: unknown,
): { kind: K; id: string } | undefined {
  return typeof id === 'string' ? { kind, id } : undefined
}

function requiresTwoFactor(settings: unknown): boolean {
  return (
    typeof settings === 'object' &&
    settings !== null &&
    'twoFactorRequired' in settings &&
    settings.twoFactorRequired === true
  )
}
