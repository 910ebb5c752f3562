import { createStoredChoice } from './stored-choice.ts'

/** The zone in which all times are shown: the viewer's own, or UTC, as in the logs of servers. */
export const shownZone = createStoredChoice('coreshift.time-zone', ['local', 'utc'])
