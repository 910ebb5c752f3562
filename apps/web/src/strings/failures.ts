/** What went wrong with a request, and what is left to do. */
export const failures = {
  unreachable: 'The server cannot be reached.',
  unreachableText:
    'It may be restarting, or the network is down. Whether the last request was carried out is not known until it is back.',
  unexpected: 'This did not work',
  notPermitted: 'You may not see this',
  notPermittedText: (detail: string) => `${detail} An administrator can change your role.`,
  notFound: 'It is not there',
  tryAgain: 'Try again',
  rateLimited: 'Too many attempts. Wait a moment.',
  reference: (id: string) => `Reference for the server's log: ${id}`,
  loading: (what: string) => `Loading ${what}.`,
  waitingForServer: (what: string) => `Waiting for the server to send ${what}.`,
  lost: (duration: string) => `No connection to the server for ${duration}.`,
  lostText: 'What you see is the last known state and may have changed. Trying again by itself.',
  ended: 'The server ended the live connection',
  reloadPage: 'Reload the page',
  backAgain: 'Connected to the server again. What you see is current.',
  connection: {
    connecting: 'connecting',
    live: 'live',
    lost: 'not connected',
    ended: 'ended',
  },
}
