import { describe, expect, it } from 'vitest'
import { Operation, ResizePlan } from '@coreshift/shared/contract'
import { oneHost, planLab, planVm, type PlanLab } from './ovirt-plan/plan-lab.ts'

/** A VM with 6 of 8 sockets whose guest answers to nothing until it is told to. */
function silentVm(): Promise<PlanLab> {
  return planLab(oneHost(planVm({ sockets: 6, behaviour: 'never-answers' })))
}

async function dryRun(lab: PlanLab, body: object): Promise<ResizePlan> {
  const path = `/api/v1/vms/${lab.vm('vm').uuid}/resizes?dryRun=1`
  const response = await lab.call('POST', path, { token: await lab.tokenFor('operator'), body })
  return ResizePlan.parse(await response.json())
}

describe('a change of mind through the whole server', () => {
  it('is shown before it is made, ends the older resize and adds back what goes', async () => {
    await using lab = await silentVm()
    const { id: older } = await lab.resize('vm', { sockets: 3, mode: 'live' })
    await lab.taken(older)
    expect(lab.vm('vm').pendingVcpus).toBe(3)
    lab.demo.control.answer('lab', 'vm', 5, 'let-go')
    await lab.vmWhen('vm', ({ hypervisor }) => hypervisor === 5)

    const wish = { sockets: 6, mode: 'live', replaces: older } as const
    const plan = await dryRun(lab, wish)
    expect(plan.changeOfMind).toMatchObject({ replaces: older, addBackIfGone: [3, 4], addBack: [5] })
    expect(plan.now).toEqual(plan.changeOfMind?.sentences)

    const newer = await lab.resize('vm', wish)
    expect(newer).toMatchObject({ replaces: older, changeOfMind: { addBack: [5] } })
    expect(await lab.doors.desk.find(older)).toMatchObject({ state: 'abandoned', replacedBy: newer.id })
    await lab.vmWhen('vm', ({ hypervisor }) => hypervisor === 6)
    expect(lab.doors.desk.get(newer.id)).toMatchObject({ state: 'pending' })

    lab.demo.control.answer('lab', 'vm', 4, 'let-go')
    lab.demo.control.answer('lab', 'vm', 3, 'refuse')
    const ended = await lab.ended(newer.id)
    expect(ended.state).toBe('converged')
    expect(ended.vcpus.map(({ id, state }) => `${id}:${state}`)).toEqual([
      '3:present',
      '4:present',
      '5:present',
    ])
    expect(lab.vm('vm')).toMatchObject({ hypervisor: 6, sockets: 6 })
    expect(await lab.audit.verify()).toMatchObject({ ok: true })
    const outside = await lab.audit.list({ action: 'vm.changed-outside' }, { limit: 5 })
    expect(outside.items).toEqual([])
  })

  it('goes on with what the guest was asked for when fewer are wanted still', async () => {
    await using lab = await silentVm()
    const { id: older } = await lab.resize('vm', { sockets: 5, mode: 'live' })
    await lab.taken(older)
    expect(lab.vm('vm').pendingVcpus).toBe(1)
    const newer = await lab.resize('vm', { sockets: 4, mode: 'live', replaces: older })
    expect(newer.changeOfMind).toMatchObject({ committed: [5], removeToo: [4] })
    await lab.taken(newer.id)
    expect(lab.vm('vm').pendingVcpus).toBe(2)
    for (const unit of [5, 4]) lab.demo.control.answer('lab', 'vm', unit, 'let-go')
    expect(await lab.ended(newer.id)).toMatchObject({ state: 'converged' })
    expect(lab.vm('vm').hypervisor).toBe(4)
  })

  it('names the resize that is open: another one, or none, is refused with who, what and since when', async () => {
    await using lab = await silentVm()
    const { id } = await lab.resize('vm', { sockets: 5, mode: 'live' })
    for (const replaces of [undefined, '00000000-0000-4000-8000-000000000009']) {
      const problem = await lab.refusal('vm', { sockets: 6, mode: 'live', ...(replaces && { replaces }) })
      expect(problem.reasons?.map(({ code }) => code)).toEqual(['resize-in-progress'])
      expect(problem.operation).toBe(id)
    }
    expect(lab.doors.desk.get(id)?.state).not.toBe('abandoned')
  })
})

describe('being told of a resize', () => {
  it('is asked for and taken back by name, and refused once it has ended', async () => {
    await using lab = await silentVm()
    const { id } = await lab.resize('vm', { sockets: 5, mode: 'live' })
    const token = await lab.tokenFor('viewer')
    const ask = (method: string) => lab.call(method, `/api/v1/resizes/${id}/tell-me`, { token })
    expect(Operation.parse(await (await ask('PUT')).json()).tell).toEqual([
      { kind: 'token', name: 'test-viewer' },
    ])
    await lab.taken(id)
    const heard: string[] = []
    lab.doors.desk.onNotice((to, notice) => heard.push(`${to.name} ${notice.what} ${notice.state}`))
    lab.demo.control.answer('lab', 'vm', 5, 'let-go')
    await lab.ended(id)
    await expect.poll(() => heard).toEqual(['test-viewer ended converged'])
    expect((await ask('DELETE')).status).toBe(409)
  })
})
