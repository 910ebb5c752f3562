import { userInfo } from 'node:os'
import type { Actor } from '@coreshift/shared/contract'

/** How the audit names whoever sits at the command line. */
export function commandLineActor(): Actor {
  return { kind: 'system', name: `command line (${userInfo().username})` }
}
