// @vitest-environment happy-dom
import { screen } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { STORIES } from '../stories/all-stories.ts'
import { prepareBrowser, showStory } from './render-story.tsx'

prepareBrowser()

/** Too many nodes for a simulated browser; the real one measures these. */
const VERY_MANY = ['fleet-very-many', 'vm-very-many', 'vm-one-socket', 'vm-one-socket-table']

describe('every story', () => {
  it.each(Object.keys(STORIES).filter((name) => !VERY_MANY.includes(name)))(
    '%s has a heading and no complaint of React',
    async (name) => {
      const complaints = vi.spyOn(console, 'error').mockImplementation(() => undefined)
      await showStory(name)
      expect(screen.getAllByRole('heading').length).toBeGreaterThan(0)
      expect(complaints.mock.calls).toEqual([])
      complaints.mockRestore()
    },
  )
})
