import { expect, it } from 'vitest'
import { createGuestOsMatrix } from './create-guest-os-matrix.ts'
import { guestOsJudge } from './guest-os-judge.ts'

it('answers the inventory with what the matrix in force says', () => {
  const judge = guestOsJudge(() => createGuestOsMatrix())
  const agentOs = { id: 'mswindows', prettyName: 'Windows 11 Pro', versionId: '11', kernelRelease: '26100' }
  expect(judge.judge({ arch: 'x86_64', agentOs, osinfoId: 'http://microsoft.com/win/11' })).toMatchObject({
    guestOs: { name: 'Windows 11 Pro', source: 'agent', row: 'windows-11-pro-x86_64' },
    socketsMax: 2,
  })
  expect(
    judge.judge({ arch: 'x86_64', osinfoId: 'http://debian.org/debian/12', override: 'rhel-9-x86_64' }),
  ).toMatchObject({ guestOs: { source: 'override', row: 'rhel-9-x86_64' } })
  expect(judge.judge({ arch: 'x86_64' })).not.toHaveProperty('socketsMax')
})
