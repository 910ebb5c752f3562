import {
  domainCreateWithFlags,
  domainDestroyFlags,
  domainReboot,
  domainReset,
  domainResume,
  domainShutdownFlags,
  domainSuspend,
} from '@coreshift/libvirt'
import type { PowerAction } from '@coreshift/shared/contract'
import type { DomainSession } from './inventory-ports.ts'

/** Carries out a power action. `shutdown` and `reboot` only ask the guest: success says nothing about the outcome. */
export async function changePower({ connection, domain }: DomainSession, action: PowerAction): Promise<void> {
  switch (action) {
    case 'start':
      await connection.call(domainCreateWithFlags, { domain, flags: 0 })
      return
    case 'shutdown':
      await connection.call(domainShutdownFlags, { domain, flags: 0 })
      return
    case 'reboot':
      await connection.call(domainReboot, { domain, flags: 0 })
      return
    case 'reset':
      await connection.call(domainReset, { domain, flags: 0 })
      return
    case 'destroy':
      await connection.call(domainDestroyFlags, { domain, flags: 0 })
      return
    case 'suspend':
      await connection.call(domainSuspend, { domain })
      return
    case 'resume':
      await connection.call(domainResume, { domain })
      return
  }
}
