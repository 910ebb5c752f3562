import type { Role } from '@coreshift/shared/contract'
import type { product } from '../strings/product.ts'

interface Place {
  readonly to: '/' | '/resizes' | '/audit' | '/hosts' | '/guest-os' | '/settings' | '/users' | '/account'
  readonly name: keyof typeof product.places
  /** Who finds it in the navigation; the server decides anyway. */
  readonly for: readonly Role[]
}

const EVERYONE: readonly Role[] = ['viewer', 'operator', 'admin']

const PLACES: readonly Place[] = [
  { to: '/', name: 'fleet', for: EVERYONE },
  { to: '/resizes', name: 'resizes', for: EVERYONE },
  { to: '/audit', name: 'audit', for: EVERYONE },
  { to: '/hosts', name: 'hosts', for: EVERYONE },
  { to: '/guest-os', name: 'guestOs', for: EVERYONE },
  { to: '/settings', name: 'settings', for: EVERYONE },
  { to: '/users', name: 'users', for: ['admin'] },
  { to: '/account', name: 'account', for: EVERYONE },
]

export function placesFor(role: Role | undefined): readonly Place[] {
  return PLACES.filter((place) => role !== undefined && place.for.includes(role))
}
