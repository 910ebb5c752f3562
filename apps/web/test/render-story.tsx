import { cleanup, configure, render, screen } from '@testing-library/react'
import { afterEach, beforeAll } from 'vitest'
import { STORIES } from '../stories/all-stories.ts'
import { appOf } from '../stories/story-app.tsx'

/** Parts of the page are loaded when they are shown; on a busy machine that takes its time. */
const PATIENCE_MS = 10_000

/** What the simulated browser lacks and the page needs. */
export function prepareBrowser(): void {
  beforeAll(() => {
    Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })
    configure({ asyncUtilTimeout: PATIENCE_MS })
  })
  afterEach(cleanup)
}

/** Shows a story and waits until something of it is there. */
export async function showStory(name: string) {
  const story = STORIES[name]
  if (!story) throw new Error(`There is no story ${name}`)
  const app = appOf(story)
  render(app.element)
  await screen.findAllByRole('heading')
  return app
}
