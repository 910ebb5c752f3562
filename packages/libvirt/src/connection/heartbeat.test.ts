import { describe, expect, it } from 'vitest'
import { Heartbeat } from './heartbeat.ts'

function scenario() {
  const story: string[] = []
  let deaf = false
  const heartbeat = new Heartbeat(
    {
      sendPing: () => story.push('ping'),
      isDeaf: () => deaf,
      lost: (message) => story.push(`lost: ${message}`),
    },
    { intervalMs: 10, count: 2, deafMs: 30 },
  )
  return {
    story,
    heartbeat,
    setDeaf: (value: boolean): void => {
      deaf = value
    },
  }
}

describe('heartbeat', () => {
  it('says nothing while packets arrive', () => {
    const { story, heartbeat } = scenario()
    for (let i = 0; i < 5; i++) {
      heartbeat.received()
      heartbeat.tick()
    }
    expect(story).toEqual([])
  })

  it('pings after a silent interval and gives up after the last unanswered one', () => {
    const { story, heartbeat } = scenario()
    for (let i = 0; i < 4; i++) heartbeat.tick()
    expect(story).toEqual(['ping', 'ping', 'lost: 2 keepalive pings stayed unanswered, 10 ms apart'])
  })

  it('starts counting anew with any packet', () => {
    const { story, heartbeat } = scenario()
    for (let i = 0; i < 3; i++) heartbeat.tick()
    heartbeat.received()
    for (let i = 0; i < 3; i++) heartbeat.tick()
    expect(story).toEqual(['ping', 'ping', 'ping', 'ping'])
  })

  it('does not take a daemon with a full window for dead', () => {
    const { story, heartbeat, setDeaf } = scenario()
    heartbeat.tick()
    setDeaf(true)
    heartbeat.tick()
    heartbeat.tick()
    setDeaf(false)
    heartbeat.tick()
    expect(story).toEqual(['ping'])
  })

  it('gives a deaf daemon up after its own, longer limit', () => {
    const { story, heartbeat, setDeaf } = scenario()
    setDeaf(true)
    for (let i = 0; i < 4; i++) heartbeat.tick()
    expect(story).toEqual(['lost: all calls in flight and nothing heard for 30 ms (deafMs)'])
  })
})
