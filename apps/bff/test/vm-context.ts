import { DEFAULT_POLICIES } from '@coreshift/shared'
import type { VmContext } from '../src/inventory/vm-model.ts'

/** What surrounds a VM that nothing is the matter with. */
export const vmContext: VmContext = {
  guestOs: { name: 'Debian 12', source: 'metadata', plug: '+', unplug: '+' },
  settings: {
    unplugEnabled: true,
    unplugDisabledHosts: [],
    unplugDisabledVms: [],
    pinnedRemovalAllowed: false,
    hostCpuLimit: 'warn',
    policies: DEFAULT_POLICIES,
    defaultPolicy: 'interactive',
  },
  host: { id: 'lab', name: 'lab', online: true, cpus: 8 },
}
