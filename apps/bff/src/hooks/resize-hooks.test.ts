import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { AuditDraft } from '../audit/audit-log.ts'
import { AT, operationRecord } from '../../test/examples.ts'
import { toOperation } from '../resize/operation-record.ts'
import type { HookMoment } from './hook-folder.ts'
import { ResizeHooks, type HookLedger, type ResizeToCome } from './resize-hooks.ts'

const OPERATION = toOperation(operationRecord({ state: 'failed', finishedAt: AT }))
const { vm, vmName, host, hostName, kind, mode, from, to, requestedBy } = OPERATION
const RESIZE: ResizeToCome = {
  vm,
  vmName,
  host,
  hostName,
  kind,
  mode,
  from,
  to,
  requestedBy,
  addVcpus: [],
  removeVcpus: [4, 5],
}

async function lab() {
  const folder = await mkdtemp(join(tmpdir(), 'coreshift-hooks-'))
  const audit: AuditDraft[] = []
  const problems: string[] = []
  const due = new Set<string>()
  const ledger: HookLedger & { broken: boolean } = {
    broken: false,
    due: () => Promise.resolve([...due]),
    isDue: (id) => Promise.resolve(due.has(id)),
    done(id, entries) {
      if (ledger.broken) return Promise.reject(new Error('disk full'))
      due.delete(id)
      audit.push(...entries)
      return Promise.resolve()
    },
  }
  const make = () =>
    new ResizeHooks({
      folder,
      ledger,
      audit: (draft) => Promise.resolve(audit.push(draft)),
      now: () => AT,
      find: (id) => Promise.resolve(id === OPERATION.id ? OPERATION : undefined),
      problem: (text) => problems.push(text),
      limitMs: 5000,
    })
  return {
    folder,
    audit,
    problems,
    due,
    ledger,
    make,
    hooks: make(),
    async add(moment: HookMoment, name: string, text: string, mode = 0o755) {
      await mkdir(join(folder, moment), { recursive: true })
      await writeFile(join(folder, moment, name), `#!/bin/sh\n${text}\n`, { mode })
    },
    log: () => readFile(join(folder, 'log'), 'utf8').then((text) => text.trim().split('\n')),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

describe('the list', () => {
  it('has what is executable, by moment and name', async () => {
    await using bench = await lab()
    const { hooks, add } = bench
    await add('after-resize', '10-tell', 'true')
    await add('before-resize', '20-b', 'true')
    await add('before-resize', '10-a', 'true')
    await add('before-resize', 'README', 'not executable', 0o644)
    await add('before-resize', '.hidden', 'true')
    await add('before-resize', '10-a~', 'true')
    expect((await hooks.list()).items).toEqual([
      { moment: 'before-resize', name: '10-a' },
      { moment: 'before-resize', name: '20-b' },
      { moment: 'after-resize', name: '10-tell' },
    ])
  })

  it('says why the folder cannot be read', async () => {
    await using bench = await lab()
    const { hooks, folder } = bench
    await rm(folder, { recursive: true })
    expect(await hooks.list()).toEqual({
      folder,
      items: [],
      problem: `The folder of hooks ${folder} cannot be read: ENOENT.`,
    })
  })
})

describe('before-resize', () => {
  it('runs by name, each with what is about to happen, and each is in the audit', async () => {
    await using bench = await lab()
    const { hooks, add, audit, log, folder } = bench
    await add('before-resize', '20-second', 'echo second >> ../log')
    await add('before-resize', '10-first', 'cat > ../input; echo first >> ../log; echo checked')
    expect(await hooks.before(RESIZE)).toBeUndefined()
    expect(await log()).toEqual(['first', 'second'])
    expect(JSON.parse(await readFile(join(folder, 'input'), 'utf8'))).toMatchObject({
      moment: 'before-resize',
      resize: { vm: RESIZE.vm, removeVcpus: [4, 5], requestedBy: RESIZE.requestedBy },
    })
    expect(audit.map(({ action, outcome, message }) => [action, outcome, message])).toEqual([
      ['hook.run', 'done', 'Hook before-resize/10-first ran: checked.'],
      ['hook.run', 'done', 'Hook before-resize/20-second ran: exit status 0.'],
    ])
    expect(audit[0]).toMatchObject({ vm: RESIZE.vm, detail: { exit: 0, message: 'checked' } })
  })

  it.each([
    [
      'a status that is not 0',
      'echo "backup is running" >&2; exit 1',
      'Hook before-resize/10 refused: backup is running.',
    ],
    ['silence and a status', 'exit 7', 'Hook before-resize/10 refused: exit status 7.'],
    ['a signal', 'kill -SEGV $$', 'Hook before-resize/10 refused: ended by SIGSEGV.'],
  ])('refuses by %s, and no later one runs', async (_what, text, why) => {
    await using bench = await lab()
    const { hooks, add, audit } = bench
    await add('before-resize', '10', text)
    await add('before-resize', '20', 'true')
    expect(await hooks.before(RESIZE)).toBe(why)
    expect(audit.map(({ outcome }) => outcome)).toEqual(['refused'])
  })

  it('refuses when it does not end in its time', async () => {
    await using bench = await lab()
    const { folder, ledger, audit, add } = bench
    await add('before-resize', '10', 'sleep 600')
    const hooks = new ResizeHooks({
      folder,
      ledger,
      audit: (draft) => Promise.resolve(audit.push(draft)),
      now: () => AT,
      find: () => Promise.resolve(undefined),
      problem: () => undefined,
      limitMs: 300,
    })
    expect(await hooks.before(RESIZE)).toBe(
      'Hook before-resize/10 refused: it did not end in 0.3 s and was killed.',
    )
    expect(audit[0]?.detail).toMatchObject({ timedOut: true })
  })

  it('refuses when the folder is gone, or cannot be read: somebody wanted them to run', async () => {
    await using bench = await lab()
    const { hooks, folder } = bench
    await rm(folder, { recursive: true })
    expect(await hooks.before(RESIZE)).toMatch(/cannot be read: ENOENT/)
    await writeFile(folder, '')
    expect(await hooks.before(RESIZE)).toMatch(/is no folder/)
  })
})

describe('after-resize', () => {
  it('runs when the operation ended, also badly, and each run is in the audit with the operation', async () => {
    await using bench = await lab()
    const { hooks, add, due, audit, folder } = bench
    await add('after-resize', '10', 'cat > ../input')
    await add('after-resize', '20', 'echo broken >&2; exit 1')
    due.add(OPERATION.id)
    hooks.ended(OPERATION.id)
    hooks.ended(OPERATION.id)
    await expect.poll(() => due.size).toBe(0)
    await hooks.stop()
    expect(JSON.parse(await readFile(join(folder, 'input'), 'utf8'))).toEqual({
      moment: 'after-resize',
      resize: OPERATION,
    })
    expect(audit.map(({ outcome, operation, message }) => [outcome, operation, message])).toEqual([
      ['done', OPERATION.id, 'Hook after-resize/10 ran: exit status 0.'],
      ['failed', OPERATION.id, 'Hook after-resize/20 failed: broken.'],
    ])
    expect(due.size).toBe(0)
  })

  it('runs again after a restart when its entry could not be stored: at least once', async () => {
    await using bench = await lab()
    const { hooks, make, add, due, audit, ledger, problems, log } = bench
    await add('after-resize', '10', 'echo ran >> ../log')
    due.add(OPERATION.id)
    ledger.broken = true
    hooks.ended(OPERATION.id)
    await expect.poll(() => problems).toHaveLength(1)
    await hooks.stop()
    ledger.broken = false
    const again = make()
    await again.start()
    await expect.poll(() => due.size).toBe(0)
    expect(await log()).toEqual(['ran', 'ran'])
    expect(audit).toHaveLength(1)
  })

  it('begins no further hook once it is stopped; the next start runs them all', async () => {
    await using bench = await lab()
    const { hooks, make, add, due, audit, log, folder } = bench
    await add('after-resize', '10', 'echo first >> ../log; until [ -e ../go ]; do sleep 0.01; done')
    await add('after-resize', '20', 'echo second >> ../log')
    due.add(OPERATION.id)
    hooks.ended(OPERATION.id)
    await expect.poll(() => log().catch(() => [])).toEqual(['first'])
    const stopped = hooks.stop()
    await writeFile(join(folder, 'go'), '')
    await stopped
    expect(await log()).toEqual(['first'])
    expect([due.size, audit.length]).toEqual([1, 0])
    const again = make()
    await again.start()
    await expect.poll(() => due.size).toBe(0)
    expect(await log()).toEqual(['first', 'first', 'second'])
  })

  it('waits for the next start where the folder cannot be read', async () => {
    await using bench = await lab()
    const { hooks, folder, due, problems } = bench
    await rm(folder, { recursive: true })
    due.add(OPERATION.id)
    hooks.ended(OPERATION.id)
    await expect.poll(() => problems).toEqual([`the after-resize hooks of ${OPERATION.id} could not run`])
    expect(due.size).toBe(1)
  })
})
