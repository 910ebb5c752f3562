import { sockets } from './vcpus.ts'
import { wholeNumber } from './whole-number.ts'

const machines = (n: number) => (n === 1 ? '1 machine' : `${wholeNumber(n)} machines`)

/** Commands for several machines of the fleet. */
export const bulk = {
  title: 'Selected machines',
  selected: (n: number) => `${wholeNumber(n)} selected`,
  hidden: (n: number) => `(${wholeNumber(n)} not in the list as it is filtered)`,
  tooMany: (max: number) => `At most ${max} can be changed at once: select fewer.`,
  resize: 'Resize',
  copyNames: 'Copy names',
  clear: 'Clear selection',
  powerFor: (action: string, count: number) => `${action} (${count})`,
  close: 'Close',
  cancel: 'Cancel',
  machine: 'Machine',
  verdict: 'What will happen',
  outcome: 'What came of it',

  resizeTitle: (n: number) => `Resize ${machines(n)}`,
  sockets: 'Sockets for each',
  socketsHint: 'Each machine is judged on its own; those that cannot have this number are left as they are.',
  notANumber: 'A whole number from 1 is needed.',
  when: 'When',
  whenUsual: 'Now and after a restart',
  whenUsualHint: 'Machines that are off: at their next start.',
  whenNextBoot: 'Only at the next restart',
  policy: 'If a guest does not answer',
  asking: 'Asking the server what this would do.',
  judged: (ready: number, of: number) => `${ready} of ${of} can be resized.`,
  stillAsking: (n: number) => `${n} not judged yet.`,
  already: 'Has this number already.',
  notAllowed: 'Not possible:',
  acknowledge: (n: number) =>
    n === 1
      ? 'Resize the one machine too about which something has to be known. I have read it.'
      : `Resize the ${n} machines too about which something has to be known. I have read it.`,
  send: (n: number, target: number) => `Resize ${machines(n)} to ${sockets.count(target)}`,
  sending: (done: number, of: number) => `Sending: ${done} of ${of}`,
  waitingTurn: 'Waits for its turn.',
  asked: 'The request is on its way.',
  openResize: 'Every step',

  powerTitle: (action: string, n: number) => `${action}: ${machines(n)}`,
  powerRisk: 'Data that the guests have not written is lost.',
  powerWill: (action: string) => action,
  powerLeftAlone: (status: string) => `Left as it is: ${status}.`,
  powerOffline: 'Left as it is: its host is offline.',
  powerSend: (action: string, n: number) => `${action}: ${machines(n)}`,
  powerSent: (status: string) => `The host accepted it. Now: ${status}.`,

  summary: (done: number, failed: number) =>
    failed === 0
      ? `Accepted for ${machines(done)}.`
      : `Accepted for ${machines(done)}, failed for ${machines(failed)}.`,
}
