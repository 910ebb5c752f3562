// @vitest-environment happy-dom
import { act, fireEvent, screen, waitFor } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { prepareBrowser, showStory } from './render-story.tsx'

prepareBrowser()

async function showFleet() {
  const app = await showStory('fleet')
  const field = await screen.findByRole<HTMLInputElement>('searchbox')
  return {
    field,
    search: () => app.router.state.location.search,
    type: (text: string) => fireEvent.change(field, { target: { value: text } }),
    go: (search: { q?: string }) => act(() => app.router.navigate({ to: '/', search })),
  }
}

describe('the search of the fleet', () => {
  it('shows each letter at once, and tells the address of the last one', async () => {
    const { field, search, type } = await showFleet()
    for (const text of ['w', 'we', 'web']) {
      type(text)
      expect(field.value).toBe(text)
    }
    expect(search()).toEqual({})
    await waitFor(() => expect(search()).toEqual({ q: 'web' }))
    expect(field.value).toBe('web')
  })

  it('shows what the address says when that changes by itself', async () => {
    const { field, search, type, go } = await showFleet()
    type('web')
    await waitFor(() => expect(search()).toEqual({ q: 'web' }))
    await go({ q: 'db' })
    await waitFor(() => expect(field.value).toBe('db'))
    await go({})
    await waitFor(() => expect(field.value).toBe(''))
  })
})
