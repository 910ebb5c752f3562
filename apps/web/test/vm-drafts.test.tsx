// @vitest-environment happy-dom
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { prepareBrowser, showStory } from './render-story.tsx'

prepareBrowser()

const leaving = () => screen.findByRole('dialog', { name: 'Leave this screen?' })

describe('what was not sent', () => {
  it('is asked for before the screen is left, and stays when one stays', async () => {
    const app = await showStory('vm-preview')
    await screen.findByRole('button', { name: 'Resize to 2 sockets' })
    await act(async () => void app.router.navigate({ to: '/hosts' }))
    const dialog = await leaving()
    expect(dialog.textContent).toContain('The resize to 2 sockets has not been sent.')
    fireEvent.click(within(dialog).getByRole('button', { name: 'Stay here' }))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    expect(app.router.state.location.pathname).toContain('/vms/')
  })

  it('is given up when one leaves without it', async () => {
    const app = await showStory('vm-preview')
    await screen.findByRole('button', { name: 'Resize to 2 sockets' })
    await act(async () => void app.router.navigate({ to: '/hosts' }))
    fireEvent.click(within(await leaving()).getByRole('button', { name: 'Leave without it' }))
    await waitFor(() => expect(app.router.state.location.pathname).toBe('/hosts'))
  })

  it('is no reason to ask when another view of the same machine is opened', async () => {
    const app = await showStory('vm-preview')
    fireEvent.click(await screen.findByRole('button', { name: 'Table' }))
    await waitFor(() => expect(app.router.state.location.search).toMatchObject({ view: 'table' }))
    expect(screen.queryByRole('dialog')).toBeNull()
  })

  it('is nothing while nobody has chosen, also where the count is no whole number of sockets', async () => {
    const app = await showStory('vm-doubted')
    await screen.findByRole('button', { name: 'Resize to 3 sockets' })
    await act(async () => void app.router.navigate({ to: '/hosts' }))
    await waitFor(() => expect(app.router.state.location.pathname).toBe('/hosts'))
  })
})

describe('a change of mind', () => {
  it('is shown as the merged plan before the button', async () => {
    await showStory('vm-change-of-mind')
    const merged = await screen.findByRole('list', { name: 'What becomes of the running resize' })
    expect(merged.textContent).toContain('vCPU 6-7 are gone already and are added again.')
    expect(screen.getByText('This replaces the running resize.')).toBeDefined()
    expect(screen.getByRole('group', { name: 'Running resize' })).toBeDefined()
  })

  it('offers to keep waiting where the policy would put back', async () => {
    await showStory('vm-strict')
    expect(await screen.findByRole('button', { name: 'Keep waiting' })).toBeDefined()
  })
})

describe('what people say about a machine', () => {
  it('is edited in place', async () => {
    await showStory('vm')
    fireEvent.click(await screen.findByRole('button', { name: 'Edit: Description' }))
    const field = await screen.findByRole<HTMLTextAreaElement>('textbox', { name: 'Description' })
    const save = screen.getByRole<HTMLButtonElement>('button', { name: 'Save' })
    expect(save.disabled).toBe(true)
    fireEvent.change(field, { target: { value: 'Orders.' } })
    expect(save.disabled).toBe(false)
    fireEvent.click(save)
    await waitFor(() => expect(screen.queryByRole('textbox', { name: 'Description' })).toBeNull())
  })

  it('names the source of the guest system and a disagreement', async () => {
    await showStory('vm-doubted')
    const guest = await screen.findByRole('region', { name: 'Guest system' })
    expect(guest.textContent).toContain('set by an administrator')
    expect(guest.textContent).toContain('the guest agent says Debian GNU/Linux 12')
  })

  it('is not edited by a viewer', async () => {
    await showStory('vm-viewer')
    const about = await screen.findByRole('region', { name: 'About this machine' })
    expect(within(about).queryByRole('button')).toBeNull()
  })
})

describe('the preparation for live resize', () => {
  it('shows what will be stored, why this ceiling, and what it costs', async () => {
    await showStory('vm-prepare')
    const panel = await screen.findByRole('region', { name: 'Prepare for live resize' })
    const plan = await within(panel).findByRole('group', { name: 'What will be stored' })
    expect(plan.textContent).toContain('Then it can be resized live between 1 and 24 sockets.')
    expect(plan.textContent).toContain('40 empty slots')
    expect(panel.textContent).toContain('Machine type pc-q35-10.0 takes at most 288 vCPUs.')
  })

  it('stores nothing while the ceiling is no number', async () => {
    await showStory('vm-prepare')
    const field = await screen.findByRole('spinbutton', { name: 'Room for sockets' })
    fireEvent.change(field, { target: { value: '0' } })
    expect(await screen.findByText('Whole numbers from 1 to 16384.')).toBeDefined()
    expect(
      screen.getByRole<HTMLButtonElement>('button', { name: 'Store it for the next start' }).disabled,
    ).toBe(true)
  })

  it('leads from what was stored to what the next start changes', async () => {
    const app = await showStory('vm-prepare')
    fireEvent.click(await screen.findByRole('button', { name: 'Store it for the next start' }))
    fireEvent.click(await screen.findByRole('link', { name: 'See what the next start changes' }))
    expect(await screen.findByRole('columnheader', { name: 'After the next start' })).toBeDefined()
    expect(app.router.state.location.pathname).toContain('/vms/')
    expect(screen.queryByRole('region', { name: 'Prepare for live resize' })).toBeNull()
  })

  it('is undone with its own preview before the button', async () => {
    await showStory('vm-prepare')
    fireEvent.click(await screen.findByRole('button', { name: 'Undo the last preparation' }))
    const undo = await screen.findByRole('region', { name: 'Undo the last preparation' })
    await within(undo).findByText(/<vcpus>/)
    fireEvent.click(within(undo).getByRole('button', { name: 'Undo the last preparation' }))
    expect(await screen.findByText('The last preparation was undone.')).toBeDefined()
  })
})
