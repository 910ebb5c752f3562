import type { HostSpec } from './host-spec.ts'
import { lab } from './story/lab.ts'
import { arm, attic, mainframe, old, power } from './story/other-hosts.ts'
import { rack } from './story/rack-2.ts'

/** The fleet of the demo: every kind of guest, every reason for a refusal, and a few that misbehave. */
export const DEMO_STORY: readonly HostSpec[] = [lab, rack, old, power, mainframe, arm, attic]
