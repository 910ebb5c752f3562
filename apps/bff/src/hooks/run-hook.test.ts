import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runHook } from './run-hook.ts'

/** Far above what any of these needs: only the hooks that have to be killed get less. */
const ENOUGH_MS = 30_000

async function script(text: string) {
  const folder = await mkdtemp(join(tmpdir(), 'coreshift-hook-'))
  const file = join(folder, 'hook')
  await writeFile(file, text, { mode: 0o755 })
  return {
    folder,
    run: (limitMs = ENOUGH_MS, input: object = { moment: 'before-resize' }) =>
      runHook({ file, input, limitMs }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}

describe('a hook', () => {
  it('gets JSON on standard input, nothing but a path and a language in its environment, and its own folder', async () => {
    await using hook = await script('#!/bin/sh\ncat > input\nenv | cut -d= -f1 | sort > names\npwd > where\n')
    expect(
      await hook.run(ENOUGH_MS, { moment: 'before-resize', resize: { vmName: "x'; rm -rf /" } }),
    ).toMatchObject({
      exit: 0,
      timedOut: false,
    })
    const read = (name: string) => readFile(join(hook.folder, name), 'utf8')
    expect(JSON.parse(await read('input'))).toEqual({
      moment: 'before-resize',
      resize: { vmName: "x'; rm -rf /" },
    })
    expect(
      (await read('names')).split('\n').filter((name) => !['', '_', 'PWD', 'OLDPWD', 'SHLVL'].includes(name)),
    ).toEqual(['LANG', 'PATH'])
    expect((await read('where')).trim()).toBe(hook.folder)
  })

  it.each([
    ['its exit status', 'exit 3', { exit: 3 }],
    [
      'the first line of its standard error',
      'echo out; echo >&2; echo "no, thanks" >&2; exit 1',
      { exit: 1, message: 'no, thanks' },
    ],
    ['its output where it has no error', 'echo fine', { exit: 0, message: 'fine' }],
    ['the signal that ended it', 'kill -TERM $$', { signal: 'SIGTERM' }],
    ['no control characters', "printf 'red\\033[31m\\007\\n' >&2; exit 1", { exit: 1, message: 'red [31m' }],
  ])('tells %s', async (_what, text, told) => {
    await using hook = await script(`#!/bin/sh\n${text}\n`)
    expect(await hook.run()).toMatchObject(told)
  })

  it('may say a lot, of which the beginning is kept', async () => {
    await using hook = await script('#!/bin/sh\nyes abcdefghij | tr -d "\\n" | head -c 5000000 >&2\nexit 1\n')
    const { message = '', exit } = await hook.run()
    expect(exit).toBe(1)
    expect(message).toHaveLength(300)
  })

  it('need not read what it is given', async () => {
    await using hook = await script('#!/bin/sh\nexec 0<&-\nexit 0\n')
    const input = { text: 'x'.repeat(1_000_000) }
    expect(await hook.run(ENOUGH_MS, input)).toMatchObject({ exit: 0 })
  })

  it('is killed at its limit, with everything that it started', async () => {
    await using hook = await script('#!/bin/sh\nsleep 600 &\necho $! > child\nwait\n')
    expect(await hook.run(1000)).toMatchObject({ timedOut: true, signal: 'SIGKILL' })
    const child = Number(await readFile(join(hook.folder, 'child'), 'utf8'))
    await gone(child)
  })

  it('takes what it left in the background with it when it ends', async () => {
    await using hook = await script('#!/bin/sh\nsleep 600 &\necho $! > child\nexit 0\n')
    expect(await hook.run()).toMatchObject({ exit: 0 })
    await gone(Number(await readFile(join(hook.folder, 'child'), 'utf8')))
  })

  it('that cannot be started says why', async () => {
    await using hook = await script('#!/no/such/interpreter\n')
    const { exit, message } = await hook.run()
    expect(exit).toBeUndefined()
    expect(message).toMatch(/^could not be started: .*ENOENT/)
  })
})

/** A killed process is there until its parent, or init, has taken note of it: a zombie runs no more. */
async function gone(pid: number): Promise<void> {
  await expect
    .poll(async () => {
      const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ' Z ')
      return status.includes(' Z ')
    })
    .toBe(true)
}
