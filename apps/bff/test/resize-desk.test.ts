import { describe, expect, it } from 'vitest'
import { ResizePlan, type ResizeRequestInput } from '@coreshift/shared/contract'
import { codesOf } from './operator.ts'
import { oneHost, planLab, planVm, type PlanLab } from './ovirt-plan/plan-lab.ts'

// What the resize desk promises beside the engine's rules, through the whole server.

async function dryRun(lab: PlanLab, body: ResizeRequestInput): Promise<ResizePlan> {
  const path = `/api/v1/vms/${lab.vm('vm').uuid}/resizes?dryRun=1`
  const response = await lab.call('POST', path, { token: await lab.tokenFor('operator'), body })
  expect(response.status).toBe(200)
  return ResizePlan.parse(await response.json())
}

async function settings(lab: PlanLab, change: object): Promise<void> {
  const token = await lab.tokenFor('admin')
  const body = { ...lab.services.settings.current(), ...change }
  expect((await lab.call('PUT', '/api/v1/settings', { token, body })).status).toBe(200)
}

const SHORT = { deadlineMs: 500, attempts: 1, reconcileMs: 1000 }

describe('a removal that completes after a strict resize was rolled back', () => {
  it('corrects the model, the operation and the history', async () => {
    await using lab = await planLab(oneHost(planVm({ sockets: 4, behaviour: 'never-answers' })))
    const policy = { ...SHORT, ending: 'put-back' } as const
    const { id } = await lab.resize('vm', { sockets: 2, mode: 'live', policy })
    await lab.taken(id)
    expect(lab.vm('vm').pendingVcpus).toBe(2)
    lab.demo.control.answer('lab', 'vm', 3, 'let-go')
    const ended = await lab.ended(id)
    expect(ended).toMatchObject({ state: 'rolled-back' })
    expect(lab.vm('vm').hypervisor).toBe(4)

    // Another resize of the VM comes and goes, and the late answer is still the older one's.
    const other = await lab.resized('vm', { sockets: 5, mode: 'live' })
    expect(other.state).toBe('converged')
    lab.demo.control.answer('lab', 'vm', 2, 'let-go')
    await lab.vmWhen('vm', ({ hypervisor }) => hypervisor === 4)
    await expect
      .poll(async () => (await lab.doors.desk.find(id))?.sentence)
      .toMatch(/vCPU 2 removed late after /)
    expect(await lab.doors.desk.find(id)).toMatchObject({
      state: 'rolled-back',
      vcpus: [
        { id: 2, state: 'removed' },
        { id: 3, state: 'present' },
      ],
    })
    const late = await lab.audit.list({ action: 'resize.vcpu-removed-late' }, { limit: 5 })
    expect(late.items.map(({ operation }) => operation)).toEqual([id])
    const outside = await lab.audit.list({ action: 'vm.changed-outside' }, { limit: 5 })
    expect(outside.items).toEqual([])
  })
})

describe('the policy of a request', () => {
  it('is the default of the VM, else of its host, else of all, and a request changes single settings', async () => {
    await using lab = await planLab(oneHost(planVm({ sockets: 4 })))
    const { uuid, host } = lab.vm('vm')
    const wish = { sockets: 3, mode: 'live' } as const
    expect((await dryRun(lab, wish)).policy).toMatchObject({ preset: 'interactive', from: 'global' })
    await settings(lab, { hostPolicies: { [host]: 'background' } })
    expect((await dryRun(lab, wish)).policy).toMatchObject({ preset: 'background', from: 'host' })
    await settings(lab, { vmPolicies: { [uuid]: 'strict' } })
    expect((await dryRun(lab, wish)).policy).toMatchObject({ preset: 'strict', from: 'vm' })
    const changed = await lab.audit.list({ action: 'settings.changed' }, { limit: 1 })
    expect(changed.items[0]?.detail).toMatchObject({ after: { vmPolicies: { [uuid]: 'strict' } } })
    const operation = await lab.resize('vm', { ...wish, policyOverrides: { deadlineMs: 12_345 } })
    expect(operation.policy).toMatchObject({ deadlineMs: 12_345, ending: 'put-back' })
    expect(operation.policy).not.toHaveProperty('preset')
    await lab.ended(operation.id)
  })
})

describe('the shrink guard', () => {
  it('warns, asks for a word or refuses, as the settings say', async () => {
    const load = { base: 1, swing: 0, periodMs: 60_000 }
    await using lab = await planLab(oneHost(planVm({ sockets: 4, load })))
    await lab.vmWhen('vm', ({ loadPercent = 0 }) => loadPercent > 90)
    const wish = { sockets: 2, mode: 'live' } as const
    const busy = /keeps .* of its 4 vCPUs busy; 2 would be too few/
    expect(await dryRun(lab, wish)).toMatchObject({
      allowed: true,
      reasons: [],
      warnings: [expect.stringMatching(busy)],
    })
    await settings(lab, { shrinkGuard: 'refuse' })
    expect(codesOf(await lab.refusal('vm', { ...wish, acknowledge: ['guest-busy'] }))).toEqual(['guest-busy'])
    await settings(lab, { shrinkGuard: 'acknowledge' })
    expect(await dryRun(lab, wish)).toMatchObject({ allowed: true, acknowledge: ['guest-busy'] })
    expect(codesOf(await lab.refusal('vm', wish))).toEqual(['guest-busy'])
    expect(await lab.resized('vm', { ...wish, acknowledge: ['guest-busy'] })).toMatchObject({
      state: 'converged',
      acknowledged: ['guest-busy'],
    })
  })
})
