// @vitest-environment happy-dom
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import type { TopicSnapshots } from '@coreshift/shared/contract'
import { liveVm } from '../src/live/live-topics.ts'
import { prepareBrowser, showStory } from './render-story.tsx'

prepareBrowser()

const sockets = () => screen.findByRole<HTMLInputElement>('spinbutton', { name: 'Sockets' })
const choose = async (value: string) => fireEvent.change(await sockets(), { target: { value } })

const enabled = (name: string) =>
  waitFor(() => expect(screen.getByRole<HTMLButtonElement>('button', { name }).disabled).toBe(false))

describe('the VM page', () => {
  it('is named after the machine and has its parts as regions', async () => {
    await showStory('vm')
    expect(await screen.findByRole('heading', { level: 1, name: 'db-01' })).toBeDefined()
    for (const name of ['vCPUs', 'Topology', 'History'])
      expect(await screen.findByRole('region', { name })).toBeDefined()
  })

  it('shows what will happen before it offers the button', async () => {
    await showStory('vm')
    await sockets()
    expect(screen.queryByRole('button', { name: /^Resize to/ })).toBeNull()
    await choose('2')
    expect(await screen.findByText('removes vCPU 4-7')).toBeDefined()
    expect(screen.getByRole('button', { name: 'Resize to 2 sockets' })).toBeDefined()
    expect(screen.getByRole('radiogroup', { name: 'If it does not answer' })).toBeDefined()
  })

  it('takes a value from the scale as well as from the field', async () => {
    await showStory('vm')
    fireEvent.click(await screen.findByRole('radio', { name: '3 sockets' }))
    expect((await sockets()).value).toBe('3')
    expect(await screen.findByRole('button', { name: 'Resize to 3 sockets' })).toBeDefined()
  })

  it('greys a value out, says why, and offers the way out', async () => {
    await showStory('vm')
    const one = await screen.findByRole('radio', { name: '1 socket' })
    expect(one.getAttribute('aria-disabled')).toBe('true')
    fireEvent.click(one)
    const why = await screen.findAllByText(/were present at boot/)
    expect(why.length).toBeGreaterThan(0)
    expect(screen.queryByRole<HTMLButtonElement>('button', { name: 'Resize to 1 socket' })?.disabled).toBe(
      true,
    )
    fireEvent.click(
      screen.getAllByRole('button', { name: 'Change it at the next restart instead' })[0] ?? one,
    )
    expect(screen.getByRole<HTMLInputElement>('radio', { name: /At the next restart/ }).checked).toBe(true)
    await enabled('Resize to 1 socket')
  })

  it('offers a guest that became busy what was removed from it, without sending it', async () => {
    await showStory('vm-short-after-removal')
    expect(await screen.findByText(/short of vCPUs since some were removed/)).toBeDefined()
    fireEvent.click(screen.getByRole('button', { name: 'Give back: 4 sockets' }))
    expect((await sockets()).value).toBe('4')
    expect(await screen.findByRole('button', { name: 'Resize to 4 sockets' })).toBeDefined()
  })

  it.each([
    ['that has them again by somebody else', { sockets: 4 }],
    ['that was switched off', { status: 'down' as const }],
  ])('takes the offer back for a machine %s', async (_what, change) => {
    const app = await showStory('vm-short-after-removal')
    const offer = () => screen.queryByRole('button', { name: 'Give back: 4 sockets' })
    await waitFor(() => expect(offer()).not.toBeNull())
    const uuid = app.router.state.location.pathname.split('/').at(-1) ?? ''
    act(() => {
      app.queryClient.setQueryData<TopicSnapshots['vm']>(
        liveVm(uuid).queryKey,
        (before) => before && { ...before, vm: { ...before.vm, ...change } },
      )
    })
    await waitFor(() => expect(offer()).toBeNull())
  })

  it('offers nothing to whoever may not resize', async () => {
    await showStory('vm-short-after-removal-viewer')
    await screen.findByText(/Resized to 2 sockets/)
    expect(screen.queryByText(/short of vCPUs/)).toBeNull()
  })

  it.each(['0', '1.5', '', '-1'])('says what is right when the field holds %j', async (text) => {
    await showStory('vm')
    await choose(text)
    expect(await screen.findByText('Sockets are whole numbers from 1 to 16.')).toBeDefined()
    expect(screen.queryByRole('button', { name: /^Resize to/ })).toBeNull()
  })

  it('asks for a word before it resizes an untested guest', async () => {
    await showStory('vm-untested')
    await choose('2')
    const word = await screen.findByRole('checkbox', { name: /untested/ })
    const button = screen.getByRole<HTMLButtonElement>('button', { name: 'Resize to 2 sockets' })
    expect(button.disabled).toBe(true)
    fireEvent.click(word)
    await enabled('Resize to 2 sockets')
  })

  it('offers a viewer no button, and says why', async () => {
    await showStory('vm-viewer')
    await choose('2')
    expect(screen.queryByRole('button', { name: /^Resize to/ })).toBeNull()
    expect(screen.getByText(/Your role is viewer/)).toBeDefined()
    expect(screen.queryByRole('button', { name: /Power/ })).toBeNull()
  })

  it('names each vCPU by its state', async () => {
    await showStory('vm-pending')
    const topology = await screen.findByRole('region', { name: 'Topology' })
    const cell = within(topology).getByLabelText('vCPU 4, pending removal')
    expect(cell.dataset).toMatchObject({ vcpu: '4', state: 'pending-removal' })
    expect(within(topology).getByLabelText('vCPU 7, removed')).toBeDefined()
    expect(within(topology).getByLabelText('vCPU 8, empty')).toBeDefined()
  })

  it('shows the running resize with its units, its next step and what one can do', async () => {
    await showStory('vm-pending')
    const running = await screen.findByRole('group', { name: 'Running resize' })
    expect(running.querySelectorAll('[data-unit]')).toHaveLength(4)
    expect(running.textContent).toContain('Asking again')
    expect(
      within(running)
        .getAllByRole('button')
        .map((button) => button.textContent),
    ).toEqual(['Ask again now', 'Change target', 'Put back to 4', 'Stop waiting', 'Tell me when it ends'])
    expect(screen.queryByRole('spinbutton')).toBeNull()
  })

  it('says how a resize ended that was running', async () => {
    const app = await showStory('vm-pending')
    await screen.findByRole('group', { name: 'Running resize' })
    const uuid = app.router.state.location.pathname.split('/').at(-1) ?? ''
    act(() => {
      app.queryClient.setQueryData<TopicSnapshots['vm']>(
        liveVm(uuid).queryKey,
        (before) =>
          before?.operation && {
            ...before,
            operation: {
              ...before.operation,
              state: 'converged',
              sentence: 'Resized to 2 sockets in 0.7 s.',
            },
          },
      )
    })
    await waitFor(() =>
      expect(screen.getAllByRole('status').map(({ textContent }) => textContent)).toContain(
        'Resized to 2 sockets in 0.7 s.',
      ),
    )
  })

  it('lets one change the target of a running resize', async () => {
    await showStory('vm-pending')
    fireEvent.click(await screen.findByRole('button', { name: 'Change target' }))
    expect(await sockets()).toBeDefined()
    expect(screen.getByText('This replaces the running resize.')).toBeDefined()
  })

  it('lets one choose vCPUs to remove, fixed ones not', async () => {
    await showStory('vm')
    fireEvent.click(await screen.findByRole('button', { name: 'Choose vCPUs to remove' }))
    const fixed = screen.getByRole('button', { name: 'vCPU 0, present' })
    expect(fixed.getAttribute('aria-disabled')).toBe('true')
    fireEvent.click(fixed)
    expect(screen.queryByRole('button', { name: /^Remove vCPU/ })).toBeNull()
    fireEvent.click(screen.getByRole('button', { name: 'vCPU 5, present' }))
    expect(screen.getByRole('button', { name: 'vCPU 5, present' }).getAttribute('aria-pressed')).toBe('true')
    await enabled('Remove vCPU 5')
  })
})
