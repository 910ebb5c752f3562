import type { Removability } from '@coreshift/shared'
import type { NextBootForecast } from '@coreshift/shared/contract'

/** What can be removed live, now and after the next start. */
export const forecast = {
  what: 'the forecast',
  caption: 'What a live removal can do with each vCPU, now and after the next start',
  vcpus: 'vCPUs',
  now: 'Now',
  nextBoot: 'After the next start',
  prospects: {
    removable: 'can be removed',
    fixed: 'fixed',
    pinned: 'kept: pinned',
    absent: 'empty',
  } satisfies Record<Removability, string>,
  off: 'the machine is off',
  noNextBoot: 'none: the machine is not stored',
  changes: 'What the next start changes',
  noChanges: 'The next start changes nothing: the stored definition is what runs.',
  powerCycle:
    'It takes effect when the machine has been shut down and started again. A restart inside of the guest does not read the definition.',
  revert: 'Give these changes up',
  reverting: 'Changing the stored definition',
  reverted: 'Given up: the next start brings what runs now.',
  parts: {
    sockets: 'Sockets',
    vcpus: 'vCPUs',
    maximum: 'Maximum',
    topology: 'Topology',
    removability: 'Removable',
  } satisfies Record<NextBootForecast['changes'][number]['what'], string>,
  wantMore: 'More room, or more that can be removed:',
}
