import type { PolicyPreset } from '@coreshift/shared'
import type { GuestOsRow, GuestSupportValue } from '@coreshift/shared/contract'

/** What people have said about one machine. */
export const about = {
  title: 'About this machine',
  edit: 'Edit',
  change: (what: string) => `Edit: ${what}`,
  save: 'Save',
  saving: 'Saving',
  cancel: 'Cancel',
  saved: (what: string) => `${what}: saved.`,
  unsaved: (what: string) => `${what}: what you changed has not been saved.`,
  description: 'Description',
  noDescription: 'None.',
  guest: {
    title: 'Guest system',
    hint: 'It decides which resizes are offered. A choice here goes before what the guest says.',
    rows: 'the guest systems',
    asDetected: 'As detected',
    families: {
      linux: 'Linux',
      windows: 'Windows',
      bsd: 'BSD',
      darwin: 'macOS',
      other: 'Others',
    } satisfies Record<GuestOsRow['family'], string>,
    plug: {
      '+': 'Takes vCPUs while it runs.',
      '-': 'Takes no vCPUs while it runs.',
      'reboot-required': 'Needs a restart to use added vCPUs.',
      unknown: 'Whether it takes vCPUs while it runs is not recorded.',
    } satisfies Record<GuestSupportValue, string>,
    unplug: {
      '+': 'Gives them back.',
      '-': 'Gives none back.',
      'reboot-required': 'Needs a restart to give them back.',
      unknown: 'Whether it gives them back is not recorded.',
    } satisfies Record<GuestSupportValue, string>,
    socketsMax: (n: number) => `Its edition uses at most ${n === 1 ? '1 socket' : `${n} sockets`}.`,
    matrix: 'Why',
  },
  rules: {
    title: 'If the guest does not answer',
    what: 'the rules of this machine',
    policy: 'Unless a request says otherwise',
    noPolicy: 'As its host or the settings say',
    policies: {
      interactive: 'Wait shortly, then ask now and then',
      background: 'Take its time',
      strict: 'All or nothing',
    } satisfies Record<PolicyPreset, string>,
    from: {
      vm: 'set for this machine',
      host: 'set for its host',
      global: 'as for all machines',
    },
    mayShrink: 'vCPUs may be removed while it runs',
    closed: 'An administrator has switched the removal of vCPUs off for this machine.',
    closedAbove: 'The removal of vCPUs is switched off for its host, or for all machines, in the settings.',
  },
}
