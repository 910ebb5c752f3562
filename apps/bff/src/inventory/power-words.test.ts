import { describe, expect, it } from 'vitest'
import { POWER_ACTIONS, type PowerAction } from '@coreshift/shared/contract'
import { powerDone, powerRefused } from './power-words.ts'

const SENTENCES: Readonly<Record<PowerAction, readonly [done: string, refused: string]>> = {
  start: ['ann started web-02.', 'ann could not start web-02; libvirt refused: no memory'],
  shutdown: [
    'ann asked web-02 to shut down.',
    'ann could not ask web-02 to shut down; libvirt refused: no memory',
  ],
  reboot: ['ann asked web-02 to reboot.', 'ann could not ask web-02 to reboot; libvirt refused: no memory'],
  reset: [
    'ann reset web-02 without asking the guest.',
    'ann could not reset web-02; libvirt refused: no memory',
  ],
  destroy: [
    'ann switched web-02 off without asking the guest.',
    'ann could not switch web-02 off; libvirt refused: no memory',
  ],
  suspend: ['ann paused web-02.', 'ann could not pause web-02; libvirt refused: no memory'],
  resume: ['ann resumed web-02.', 'ann could not resume web-02; libvirt refused: no memory'],
}

describe('the audit of a power action', () => {
  it.each(POWER_ACTIONS)('says in words what became of %s', (action) => {
    expect([powerDone('ann', action, 'web-02'), powerRefused('ann', action, 'web-02', 'no memory')]).toEqual(
      SENTENCES[action],
    )
  })
})
