import type {
  AcknowledgeableCode,
  OperationState,
  PolicyPreset,
  ResizeMode,
  ResizePolicy,
  Unlock,
} from '@coreshift/shared'
import { formatDuration } from '@coreshift/shared'
import { sockets, vcpus } from './vcpus.ts'

const times = (n: number) => (n === 1 ? 'once' : n === 2 ? 'twice' : `${n} times`)

/** What becomes of what is still there when all requests are used up. */
function afterwards({ ending, reconcileMs }: ResizePolicy): string {
  switch (ending) {
    case 'reconcile':
      return `then again every ${formatDuration(reconcileMs)}`
    case 'keep-waiting':
      return 'then keep watching'
    case 'put-back':
      return 'then put back what was removed'
    case 'fail':
      return 'then give up'
  }
}

/** The Sockets editor and the running operation. */
export const resize = {
  region: 'vCPUs',
  wanted: 'Wanted',
  hypervisor: 'Hypervisor',
  guestOnline: 'Guest online',
  noAgent: 'not known: the guest has no agent',
  agentSilent: 'not known: the guest agent does not answer',
  machineOff: 'the machine is off',
  leaving: (n: number) => `${n} leaving`,
  coming: (n: number) => `${n} coming`,
  agree: 'as wanted',
  asHypervisor: 'as the hypervisor',
  guestDiffers: (by: number) =>
    by < 0 ? `${-by} fewer than it has` : `${by} more than the hypervisor counts`,
  guestLeftOffline: (ids: string) =>
    `The guest does not use ${vcpus.range(ids)}: many systems leave an added vCPU offline until a rule brings it online.`,
  guestFewer: (n: number) => `The guest uses ${n} fewer vCPUs than the hypervisor gives it.`,
  copyRule: 'Copy a udev rule for this guest',
  ruleCopied: 'Copied. Save it as /etc/udev/rules.d/40-vcpu-online.rules in the guest.',
  nextBootDiffers: (n: string, vcpuCount: number) =>
    `After the next restart: ${n === '1' ? '1 socket' : `${n} sockets`} (${vcpus.count(vcpuCount)}).`,

  sockets: 'Sockets',
  fewer: 'One socket fewer',
  more: 'One socket more',
  shapeOfSocket: (parts: string) => `each socket = ${parts}`,
  maximum: (n: number) => `maximum ${n}`,
  notWhole: (vcpuCount: number, perSocket: number) =>
    `Now ${vcpus.count(vcpuCount)}: no whole number of sockets (${perSocket} vCPUs each).`,
  scale: 'All values',
  scaleOption: (n: number) => sockets.count(n),
  legend: { chosen: 'chosen', now: 'now', later: 'only after a restart', closed: 'not possible' },
  notANumber: (max: number) => `Sockets are whole numbers from 1 to ${max}.`,
  tooMany: (max: number) => `The maximum of this machine is ${sockets.count(max)}.`,
  whyNot: 'Why some values are not possible',
  rangeLabel: (range: string) => range.replaceAll('-', '–').replaceAll(',', ', '),

  mode: 'When',
  modes: {
    live: { label: 'Now', hint: 'The stored definition stays as it is: gone after a restart.' },
    both: {
      label: 'Now and after a restart',
      hint: 'The definition is changed once the guest has followed.',
    },
    nextBoot: { label: 'At the next restart', hint: 'The running machine is left alone.' },
  } satisfies Record<ResizeMode, { label: string; hint: string }>,

  policy: 'If it does not answer',
  policyText(preset: PolicyPreset, policy: ResizePolicy): string {
    const wait = formatDuration(policy.deadlineMs).replace('.0 s', ' s')
    switch (preset) {
      case 'interactive':
        return `Wait ${wait}, ask ${times(policy.attempts)}, ${afterwards(policy)}`
      case 'background':
        return `Take its time: ask up to ${times(policy.attempts)}, waiting longer each time, ${afterwards(policy)}`
      case 'strict':
        return `All or nothing: after ${wait} put back what was removed`
    }
  },

  policyFrom: { vm: "this machine's default", host: "its host's default" },

  acknowledge: {
    'unverified-guest-os': 'I know that this is untested with this guest system. Resize anyway.',
    'guest-busy': 'I know that the guest is busy and may get slow. Resize anyway.',
  } satisfies Record<AcknowledgeableCode, string>,
  preview: 'What will happen',
  previewWaiting: 'Asking the server what this would do.',
  planNow: 'Now',
  planAfterRestart: 'After a restart',
  expected: (median: number, removals: number, refusals: number) =>
    `This guest usually lets go in ${formatDuration(median)} (${removals} ${removals === 1 ? 'removal' : 'removals'}, ${refusals} refused).`,
  planChanged: 'The machine has changed since you looked',
  planChangedText: 'Nothing was sent. This is what the same request would do now.',
  merge: 'What becomes of the running resize',
  unsentSockets: (n: number) => `The resize to ${sockets.count(n)} has not been sent.`,
  unsentRemoval: 'The removal of the chosen vCPUs has not been sent.',
  fromTo: (from: string, to: string) => `${from} → ${to === '1' ? '1 socket' : `${to} sockets`}`,
  nothingToDo: 'Choose another number of sockets to see what would happen.',
  resizeTo: (n: number) => `Resize to ${sockets.count(n)}`,
  sending: 'Sending the request',
  reset: 'Reset',
  viewerMayNot: 'Your role is viewer: only operators and administrators may resize.',
  moreRoom: 'A higher maximum, or vCPUs that can be removed:',
  optionsFailed: 'Which values are possible is not known',
  optionsWhat: 'which values are possible',
  unlocks: {
    'prepare-for-live-resize': 'Prepare for live resize',
    'use-next-boot': 'Change it at the next restart instead',
    'use-live': 'Change the running machine instead',
    'wait-for-migration': 'Wait until the migration is over',
    'wait-for-resize': 'Wait until the running resize has ended',
    'replace-resize': 'Replace the running resize',
    'acknowledge-untested-guest': 'Confirm below that the guest is untested',
    'acknowledge-busy-guest': 'Confirm that the guest may get slow',
    'set-guest-os': 'Say which guest system this is',
    'remove-pinning': 'Take the pinning out of the definition',
    'enable-unplug': 'An administrator can switch removal on in the settings',
    'start-vm': 'Start the machine',
    'resume-vm': 'Let the machine go on',
    'wait-for-vm': 'Wait until the machine is up or down',
    'shut-down-vm': 'Shut the machine down',
    'reconnect-host': 'Bring the host back',
    'install-agent': 'Install the guest agent',
    'ask-operator': 'Ask an operator',
  } satisfies Record<Unlock, string>,

  chooseToRemove: 'Choose vCPUs to remove',
  chooseVcpus:
    'Press sockets or vCPUs in the picture, or write their ids. Those that move together go together.',
  chosenVcpus: 'vCPUs to remove',
  chosenHint: 'Ids and ranges, such as 4-7, 12.',
  notVcpuIds: (highest: number) => `Write vCPU ids from 0 to ${highest} and ranges of them, such as 4-7, 12.`,
  notRemovable: (ids: string) => `${vcpus.range(ids)} cannot be removed while the machine runs.`,
  chooseNothing: 'Remove nothing',
  removeChosen: (ids: string) => `Remove ${vcpus.range(ids)}`,

  operation: 'Running resize',
  states: {
    submitting: 'being sent',
    pending: 'waiting for the guest',
    converged: 'done',
    failed: 'failed',
    deferred: 'still watching',
    abandoned: 'waiting stopped',
    'rolling-back': 'putting back',
    'rolled-back': 'put back',
  } satisfies Record<OperationState, string>,
  partial: 'done in part',
  busySince: 'The guest is short of vCPUs since some were removed',
  busySinceText: (percent: number) => `It was seen using more than ${percent} % of those that it has left.`,
  giveBack: (n: number) => `Give back: ${sockets.count(n)}`,
  firstAsked: (time: string) => `First asked at ${time}.`,
  asked: (n: number) => `asked ${times(n)}`,
  took: (duration: string) => `after ${duration}`,
  steps: {
    sending: 'Sending the request to libvirt.',
    askAgain: 'Asking again',
    lookAgain: 'Looking again',
    putBack: 'Putting back what was removed',
    giveUp: 'Giving up',
    puttingBack: 'Putting back what was removed.',
    due: 'now',
    at: (time: string) => `at ${time},`,
  },
  actions: {
    askAgain: 'Ask again now',
    keepWaiting: 'Keep waiting',
    putBack: (n: number) => `Put back to ${n}`,

    stopWaiting: 'Stop waiting',
    changeTarget: 'Change target',
    keepTarget: 'Leave it as it is',
    timeline: 'Every step',
  },
  keepWaitingHint: 'The same target, watched without an end; nothing is put back.',
  moreUnits: (n: number) => `and ${n} more; the picture and every step show them`,
  stopWaitingHint: 'The guest may still let go later; that would be recorded.',
  requestedBy: (name: string, time: string) => `· asked for by ${name} at ${time}`,
  lastResize: 'Last resize',
  replaces: 'This replaces the running resize.',
  announce: (vcpu: string, state: string) => `${vcpu} ${state}`,
}
