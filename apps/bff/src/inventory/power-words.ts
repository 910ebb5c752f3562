import type { PowerAction } from '@coreshift/shared/contract'

/** What was done to a VM, for the audit. Shutting down and rebooting are left to the guest, which may ignore them. */
export function powerDone(who: string, action: PowerAction, vm: string): string {
  switch (action) {
    case 'start':
      return `${who} started ${vm}.`
    case 'shutdown':
      return `${who} asked ${vm} to shut down.`
    case 'reboot':
      return `${who} asked ${vm} to reboot.`
    case 'reset':
      return `${who} reset ${vm} without asking the guest.`
    case 'destroy':
      return `${who} switched ${vm} off without asking the guest.`
    case 'suspend':
      return `${who} paused ${vm}.`
    case 'resume':
      return `${who} resumed ${vm}.`
  }
}

/** What libvirt refused to do to a VM, for the audit. */
export function powerRefused(who: string, action: PowerAction, vm: string, cause: string): string {
  const could = {
    start: `start ${vm}`,
    shutdown: `ask ${vm} to shut down`,
    reboot: `ask ${vm} to reboot`,
    reset: `reset ${vm}`,
    destroy: `switch ${vm} off`,
    suspend: `pause ${vm}`,
    resume: `resume ${vm}`,
  } satisfies Record<PowerAction, string>
  return `${who} could not ${could[action]}; libvirt refused: ${cause}`
}
