import { expect, it } from 'vitest'
import { testDatabase } from '../../test/databases.ts'
import { OPERATION_ID, VM_UUID, auditDraft } from '../../test/examples.ts'
import { testPlatform } from '../../test/platform.ts'
import { logOperations } from './log-operations.ts'
import { createLogger } from './logger.ts'

it('every step of a resize is a line with its ids, and nothing else of the audit is one', async () => {
  await using test = await testDatabase('sqlite')
  const { audit } = await testPlatform(test.database)
  const lines: string[] = []
  const stop = logOperations(audit, createLogger('info', { write: (line) => lines.push(line) }))
  const step = { operation: OPERATION_ID, vm: VM_UUID }
  const asked = await audit.append(
    auditDraft({ ...step, action: 'resize.requested', requestId: 'request-1', message: 'ann asked.' }),
  )
  await audit.append(auditDraft({ action: 'session.signed-in' }))
  await audit.append(auditDraft({ ...step, action: 'resize.finished', outcome: 'done', message: 'Done.' }))
  stop()
  await audit.append(auditDraft(step))
  expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
    {
      ...step,
      level: 'info',
      requestId: 'request-1',
      action: 'resize.requested',
      audit: asked.id,
      msg: 'ann asked.',
    },
    { ...step, level: 'info', action: 'resize.finished', outcome: 'done', msg: 'Done.' },
  ])
})
