import { describe, it } from 'vitest'
import { advance } from './resize-engine.ts'
import { changeOfMindStories } from './testing/stories/change-of-mind-stories.ts'
import { endingStories } from './testing/stories/ending-stories.ts'
import { guestAgentStories } from './testing/stories/guest-agent-stories.ts'
import { lostThingsStories } from './testing/stories/lost-things-stories.ts'
import { unplugStories } from './testing/stories/unplug-stories.ts'

describe.each([
  ['removing vCPUs', unplugStories],
  ['what gets lost', lostThingsStories],
  ['how operations end', endingStories],
  ['the guest agent', guestAgentStories],
  ['a change of mind', changeOfMindStories],
])('%s', (_title, book) => {
  it.each(Object.entries(book))('%s', (_name, story) => story(advance))
})
