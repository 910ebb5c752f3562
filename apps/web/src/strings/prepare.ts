export const prepare = {
  title: 'Prepare for live resize',
  waiting: 'Asking the server what would change.',
  nothing: 'The stored definition is prepared already: there is nothing to change.',
  takesEffect: {
    'at-start': 'It takes effect when the machine is started.',
    'next-start':
      'It takes effect after the machine has been shut down and started again; a restart inside of the guest is not enough.',
  },
  liveRange: (min: number, max: number) => `Then it can be resized live between ${min} and ${max} sockets.`,
  room: 'Room for sockets',
  roomHint: (n: number, why: string) => `Proposed: ${n}. ${why}`,
  definition: 'What changes in the definition',
  unchanged: (text: string) => `… ${text} unchanged lines`,
  apply: 'Change the stored definition',
  applying: 'Changing the definition',
  cancel: 'Leave it as it is',
  close: 'Close',
  done: 'The stored definition was changed.',
  undo: 'Undo the last preparation',
  undone: 'The last preparation was undone.',
}
