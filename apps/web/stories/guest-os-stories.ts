import { GUEST_OS } from './guest-os-fixture.ts'
import type { Stories } from './story.ts'

export const GUEST_OS_STORIES: Stories = {
  'guest-os': { path: '/guest-os', server: () => ({ json: GUEST_OS }) },
  'guest-os-loading': { path: '/guest-os', server: () => ({ never: true }) },
}
