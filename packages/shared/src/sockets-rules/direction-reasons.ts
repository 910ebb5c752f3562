import { platformSupport } from '../guest-os/platform-support.ts'
import type { GuestSupportValue } from '../contract/vm.ts'
import type { RefusalCode } from '../refusal-code.ts'
import { refusal, type SocketsRefusal } from './sockets-refusal.ts'
import type { VmFacts } from './vm-facts.ts'

/** What the guest's name is in a sentence. */
export function guestInWords(facts: VmFacts): string {
  return facts.guest.name === 'unknown' ? 'this guest, whose system is not known,' : facts.guest.name
}

interface DirectionWords {
  readonly code: RefusalCode
  readonly does: string
}

const PLUG: DirectionWords = { code: 'guest-os-no-plug', does: 'take more vCPUs' }
const UNPLUG: DirectionWords = { code: 'guest-os-no-unplug', does: 'give vCPUs back' }

function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}

function guestReasons(facts: VmFacts, value: GuestSupportValue, words: DirectionWords): SocketsRefusal[] {
  const guest = guestInWords(facts)
  switch (value) {
    case '+':
      return []
    case '-':
      return [
        refusal(words.code, capital(`${guest} does not ${words.does} while it runs.`), {
          unlock: ['use-next-boot', 'set-guest-os'],
        }),
      ]
    case 'reboot-required':
      return [
        refusal('reboot-required', capital(`${guest} has to be restarted before it can ${words.does}.`), {
          unlock: ['use-next-boot', 'set-guest-os'],
        }),
      ]
    case 'unknown':
      return [
        refusal('unverified-guest-os', `Nobody has verified that ${guest} can ${words.does} while it runs.`, {
          unlock: ['acknowledge-untested-guest', 'set-guest-os', 'use-next-boot'],
        }),
      ]
  }
}

/** Why this VM cannot take any further vCPU while it runs. */
export function plugReasons(facts: VmFacts): SocketsRefusal[] {
  // The platform's no holds for every guest, so the guest's own value adds nothing to it.
  if (platformSupport(facts.arch, facts.machine)?.plug === false) {
    return [
      refusal(
        'arch-blocked',
        `QEMU adds no vCPUs to a running ${facts.arch} machine of type ${facts.machine}.`,
        { unlock: ['use-next-boot'] },
      ),
    ]
  }
  return guestReasons(facts, facts.guest.plug, PLUG)
}

const UNPLUG_SWITCH = {
  global: () => 'for all VMs',
  host: (facts: VmFacts) => `on host ${facts.host.name}`,
  vm: () => 'for this VM',
} as const

/** Why this VM cannot give back any vCPU while it runs. */
export function unplugReasons(facts: VmFacts): SocketsRefusal[] {
  const reasons: SocketsRefusal[] = []
  const switchedOff = facts.settings.unplugDisabledBy
  if (switchedOff !== undefined) {
    reasons.push(
      refusal(
        'unplug-disabled',
        `An administrator switched live removal off ${UNPLUG_SWITCH[switchedOff](facts)}.`,
        { unlock: ['enable-unplug', 'use-next-boot'] },
      ),
    )
  }
  if (platformSupport(facts.arch, facts.machine)?.unplug === false) {
    reasons.push(
      refusal(
        'arch-blocked',
        `QEMU removes no vCPUs from a running ${facts.arch} machine of type ${facts.machine}.`,
        { unlock: ['use-next-boot'] },
      ),
    )
    return reasons
  }
  return [...reasons, ...guestReasons(facts, facts.guest.unplug, UNPLUG)]
}
