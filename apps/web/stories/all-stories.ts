import { ACCESS_STORIES } from './access-stories.ts'
import { AUDIT_STORIES } from './audit-stories.ts'
import { ENTRY_STORIES } from './entry-stories.ts'
import { FLEET_STORIES } from './fleet-stories.ts'
import { GUEST_OS_STORIES } from './guest-os-stories.ts'
import { HOST_STORIES } from './hosts-stories.ts'
import { RESIZE_STORIES } from './resize-stories.ts'
import { SETTINGS_STORIES } from './settings-stories.ts'
import type { Stories } from './story.ts'
import { VM_STORIES } from './vm-stories.ts'

/** Every state of every screen by name; also the fixtures of the component tests. */
export const STORIES: Stories = {
  ...ENTRY_STORIES,
  ...FLEET_STORIES,
  ...VM_STORIES,
  ...RESIZE_STORIES,
  ...AUDIT_STORIES,
  ...HOST_STORIES,
  ...GUEST_OS_STORIES,
  ...SETTINGS_STORIES,
  ...ACCESS_STORIES,
}
