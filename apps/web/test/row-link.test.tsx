// @vitest-environment happy-dom
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router'
import { fireEvent, render, screen } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { RowLink } from '../src/ui/row-link.tsx'
import { prepareBrowser } from './render-story.tsx'

prepareBrowser()

async function showLink() {
  const history = createMemoryHistory({ initialEntries: ['/'] })
  const routeTree = createRootRoute({
    component: () => <RowLink href="/vms/1">db-01</RowLink>,
    notFoundComponent: () => null,
  })
  const router = createRouter({ routeTree, history })
  // The application's own router is the registered type; this one only has to hold a link.
  render(<RouterProvider router={router as never} />)
  return { history, link: await screen.findByRole('link', { name: 'db-01' }) }
}

describe('a link in a long list', () => {
  it('goes there without a reload', async () => {
    const { history, link } = await showLink()
    fireEvent.click(link)
    expect(history.location.pathname).toBe('/vms/1')
  })

  it('leaves a press with a key to the browser', async () => {
    const { history, link } = await showLink()
    fireEvent.click(link, { ctrlKey: true })
    expect(history.location.pathname).toBe('/')
  })
})
