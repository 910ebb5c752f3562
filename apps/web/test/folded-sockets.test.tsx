// @vitest-environment happy-dom
import { fireEvent, screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { prepareBrowser, showStory } from './render-story.tsx'

prepareBrowser()

it('the many empty sockets of a big maximum are one line, until one wants to see them', async () => {
  await showStory('vm-big-maximum')
  const more = await screen.findByRole('button', { name: 'Show 109 more empty sockets (vCPU 22-239)' })
  expect(screen.getByRole('button', { name: 'vCPU 21, empty' })).toBeDefined()
  expect(screen.queryByRole('button', { name: 'vCPU 22, empty' })).toBeNull()

  fireEvent.click(more)
  expect(screen.getByRole('button', { name: 'vCPU 239, empty' })).toBeDefined()

  fireEvent.click(screen.getByRole('button', { name: 'Show fewer empty sockets', expanded: true }))
  expect(screen.queryByRole('button', { name: 'vCPU 22, empty' })).toBeNull()
})
