import type { DemoGuest } from '@coreshift/shared/contract'
import type { Story } from './story.ts'

const GUEST: DemoGuest = {
  behaviour: 'never-answers',
  behaviours: ['prompt', 'slow', 'refuses', 'never-answers', 'a-new-one'],
  agent: 'present',
  agents: ['absent', 'present', 'hanging'],
  actions: ['crash', 'reboot', 'power-off', 'kill-qemu'],
  running: true,
  asked: [4, 5],
}

/** The same story on a simulated host: its guest can be steered. */
export function withDemoGuest(story: Story): Story {
  let guest = GUEST
  return {
    ...story,
    server: (method, path, body) => {
      if (!path.startsWith('/demo/vms/')) return story.server?.(method, path, body)
      if (method === 'PATCH') guest = { ...guest, ...(body as Partial<DemoGuest>) }
      return { json: guest }
    },
  }
}
