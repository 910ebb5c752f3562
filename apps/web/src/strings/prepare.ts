const sockets = (n: number) => (n === 1 ? '1 socket' : `${n} sockets`)

/** Preparing a machine for live resize: a change of its stored definition. */
export const prepare = {
  title: 'Prepare for live resize',
  intro:
    'Gives the stored definition room for more sockets and marks the vCPUs present at start as removable, as far as the guest can. The running machine is left alone.',
  waiting: 'Asking the server what would change.',
  nothing: 'The stored definition is prepared already: there is nothing to change.',
  preview: 'What will be stored',
  takesEffect: {
    'at-start': 'It takes effect when the machine is started.',
    'next-start':
      'It takes effect when the machine has been shut down and started again; a restart inside of the guest is not enough.',
  },
  liveRange: (min: number, max: number) =>
    min === max
      ? `Then it runs with ${sockets(min)}, and live resize can change nothing.`
      : `Then it can be resized live between ${min} and ${sockets(max)}.`,
  cost: (slots: number, memoryMib: number) =>
    `What it costs: ${slots} empty ${slots === 1 ? 'slot' : 'slots'}, for which a Linux guest sets aside about ${memoryMib} MiB of its memory.`,
  room: 'Room for sockets',
  roomHint: (n: number, why: string) => `Proposed: ${n}. ${why}`,
  notACeiling: (max: number) => `Whole numbers from 1 to ${max}.`,
  bounds: 'What was weighed',
  sockets,
  table: {
    caption: 'The stored definition before and after',
    what: 'Stored definition',
    before: 'Before',
    after: 'After',
    maximum: 'Maximum',
    atStart: 'At start',
    fixed: 'Fixed',
    removable: 'Removable',
    none: 'none',
  },
  definition: 'What changes in the XML',
  unchanged: (text: string) => `… ${text} unchanged lines`,
  apply: {
    'at-start': 'Change the stored definition',
    'next-start': 'Store it for the next start',
  },
  applying: 'Changing the definition',
  changed: 'The machine has changed since this plan was made. Nothing was stored; this is the new plan.',
  unsaved: 'The ceiling that you chose has not been stored.',
  cancel: 'Leave it as it is',
  close: 'Close',
  done: 'The stored definition was changed.',
  seeForecast: 'See what the next start changes',
  undo: 'Undo the last preparation',
  undoText: 'This goes out of the stored definition again; what others changed in it since stays.',
  undoing: 'Changing the definition back',
  keep: 'Keep it',
  undone: 'The last preparation was undone.',
}
