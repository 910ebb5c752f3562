import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { HookList, type AuditEntry } from '@coreshift/shared/contract'
import { codesOf } from '../operator.ts'
import { oneHost, planLab, planVm } from './plan-lab.ts'

// Test plan of oVirt's "hot plug cpu", case "vdsm hooks": hooks before and after plug and unplug.

async function hookFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'coreshift-plan-hooks-'))
  return {
    folder,
    async add(moment: 'before-resize' | 'after-resize', text: string) {
      await mkdir(join(folder, moment), { recursive: true })
      await writeFile(join(folder, moment, '10-plan'), `#!/bin/sh\n${text}\n`, { mode: 0o755 })
    },
    /** Lines that the hooks wrote, once there are so many. */
    async log(lines: number): Promise<string[]> {
      const read = () =>
        readFile(join(folder, 'log'), 'utf8').then(
          (text) => text.trim().split('\n'),
          () => [],
        )
      await expect.poll(async () => (await read()).length, { timeout: 20_000 }).toBe(lines)
      return read()
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

describe('hooks', () => {
  it('run before and after, for plug and unplug', async () => {
    await using hooks = await hookFolder()
    await hooks.add('before-resize', 'echo before >> ../log; echo "running before_set_num_of_cpu"')
    await hooks.add('after-resize', 'echo after >> ../log; echo "running after_set_num_of_cpu"')
    await using lab = await planLab(oneHost(planVm()), { hooksFolder: hooks.folder })
    expect(await lab.resized('vm', 4)).toMatchObject({ state: 'converged' })
    expect(await hooks.log(2)).toEqual(['before', 'after'])
    const { id } = await lab.resized('vm', 2)
    expect(await hooks.log(4)).toEqual(['before', 'after', 'before', 'after'])
    expect(lab.vm('vm').hypervisor).toBe(2)
    const runs = () => lab.audit.list({ action: 'hook.run' }, { limit: 10 })
    await expect.poll(async () => (await runs()).items.length).toBe(4)
    const shown = (await runs()).items.map(({ message, operation }: AuditEntry) => [message, operation])
    expect(shown).toContainEqual([
      'Hook before-resize/10-plan ran: running before_set_num_of_cpu.',
      undefined,
    ])
    expect(shown).toContainEqual(['Hook after-resize/10-plan ran: running after_set_num_of_cpu.', id])
  })

  it('of before refuse with their own words, and nothing was asked of libvirt', async () => {
    await using hooks = await hookFolder()
    await hooks.add('before-resize', 'echo "no changes during the backup" >&2; exit 1')
    await hooks.add('after-resize', 'echo after >> ../log')
    await using lab = await planLab(oneHost(planVm()), { hooksFolder: hooks.folder })
    const problem = await lab.refusal('vm', 4)
    expect(codesOf(problem)).toEqual(['hook-refused'])
    expect(problem.detail).toBe('Hook before-resize/10-plan refused: no changes during the backup.')
    expect(lab.doors.desk.listOpen()).toEqual([])
    expect(await lab.doors.desk.listForVm(lab.vm('vm').uuid)).toEqual([])
    expect(lab.vm('vm').hypervisor).toBe(2)
  })

  it('of after run also when the resize failed, and do not change what is true of it', async () => {
    await using hooks = await hookFolder()
    await hooks.add('after-resize', 'grep -o \'"state":"failed"\' >> ../log; exit 1')
    await using lab = await planLab(oneHost(planVm({ behaviour: 'refuses' })), { hooksFolder: hooks.folder })
    const ended = await lab.resized('vm', 1)
    expect(ended.state).toBe('failed')
    expect(await hooks.log(1)).toEqual(['"state":"failed"'])
    await expect
      .poll(async () => (await lab.audit.list({ action: 'hook.run' }, { limit: 1 })).items[0]?.outcome)
      .toBe('failed')
    expect(await lab.doors.desk.find(ended.id)).toEqual(ended)
  })

  it('are listed for who looks at the settings', async () => {
    await using hooks = await hookFolder()
    await hooks.add('after-resize', 'true')
    await using lab = await planLab(oneHost(planVm()), { hooksFolder: hooks.folder })
    const response = await lab.call('GET', '/api/v1/hooks', { token: await lab.tokenFor('viewer') })
    expect(HookList.parse(await response.json())).toEqual({
      folder: hooks.folder,
      items: [{ moment: 'after-resize', name: '10-plan' }],
    })
  })
})
