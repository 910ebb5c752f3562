// @vitest-environment happy-dom
import type { Query } from '@tanstack/react-query'
import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { prepareBrowser, showStory } from './render-story.tsx'

prepareBrowser()

const card = () => screen.findByRole('region', { name: 'Behind the scenes of the demo' })

/** The server said that this guest is not simulated. */
const isRefused = ({ queryKey, state }: Query) => queryKey.includes('demo') && state.status === 'error'

describe('the controls of a simulated guest', () => {
  it('say how the guest behaves and change it', async () => {
    await showStory('vm-demo')
    const behaviour = await within(await card()).findByLabelText<HTMLSelectElement>(/this guest$/)
    expect(behaviour.selectedOptions[0]?.textContent).toBe('never answers')
    fireEvent.change(behaviour, { target: { value: 'refuses' } })
    expect(await within(await card()).findByDisplayValue('refuses')).toBeDefined()
  })

  it('show a word that they do not know as it comes', async () => {
    await showStory('vm-demo')
    expect(await within(await card()).findByRole('option', { name: 'a-new-one' })).toBeDefined()
  })

  it('offer both answers for each removal that is not answered', async () => {
    await showStory('vm-demo')
    const asked = await within(await card()).findByRole('group', { name: /has not answered/ })
    expect(
      within(asked)
        .getAllByRole('button')
        .map((button) => button.textContent),
    ).toEqual(['Let vCPU 4 go', 'Refuse vCPU 4', 'Let vCPU 5 go', 'Refuse vCPU 5'])
  })

  it('are not there for a machine that is not simulated', async () => {
    const { queryClient } = await showStory('vm')
    const refused = () =>
      queryClient.getQueryCache().find({ queryKey: ['vm'], exact: false, predicate: isRefused })
    await waitFor(() => expect(refused()).toBeDefined())
    expect(screen.queryByRole('region', { name: 'Behind the scenes of the demo' })).toBeNull()
  })
})
