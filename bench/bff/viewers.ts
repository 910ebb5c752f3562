// Many viewers of the live view in one process, who speak socket.io's text protocol.
import { z } from 'zod'
import { applyPatch } from '../../packages/shared/src/index.ts'
import { openTextSocket, type TextSocket } from './text-socket.ts'

const CONNECTING_MAX = 50

const Order = z.discriminatedUnion('what', [
  z.object({
    what: z.literal('connect'),
    url: z.string(),
    token: z.string(),
    topic: z.string(),
    count: z.int(),
  }),
  z.object({ what: z.literal('report') }),
])

/** Monotonic clock that all processes of this machine share, ms. */
const now = (): number => Number(process.hrtime.bigint()) / 1e6

const Snapshot = z.tuple([z.object({ ok: z.literal(true), snapshot: z.unknown() })])
const Change = z.tuple([z.literal('change'), z.object({ patch: z.unknown() })])

const sockets: TextSocket[] = []
/** When each change came, over all viewers. */
let arrivals: number[] = []
/** What the first viewer knows of the topic: its snapshot with every change. */
let known: unknown

/** Changes that each viewer got, and the last one's revision and text. */
const seen = new Map<TextSocket, { frames: number; last: string }>()

function open(url: string, token: string, topic: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const address = `${url}/socket.io/?EIO=4&transport=websocket`
    const socket = openTextSocket(address, hear, (error) =>
      reject(error ?? new Error('a viewer was disconnected')),
    )
    sockets.push(socket)
    seen.set(socket, { frames: 0, last: '' })

    function hear(text: string): void {
      if (text.startsWith('42/live,["change"')) return change(text)
      if (text === '2') socket.send('3')
      else if (text.startsWith('0')) socket.send(`40/live,${JSON.stringify({ token })}`)
      else if (text.startsWith('40/live')) socket.send(`42/live,0${JSON.stringify(['watch', { topic }])}`)
      else if (text.startsWith('43/live,0')) {
        if (socket === sockets[0])
          known = Snapshot.parse(JSON.parse(text.slice('43/live,0'.length)))[0].snapshot
        resolve()
      } else if (text.startsWith('44/live')) reject(new Error(text))
    }

    function change(text: string): void {
      arrivals.push(now())
      if (socket === sockets[0]) {
        const [, { patch }] = Change.parse(JSON.parse(text.slice('42/live,'.length)))
        known = applyPatch(known, patch)
      }
      const mine = seen.get(socket)
      if (mine) {
        mine.frames += 1
        mine.last = text
      }
    }
  })
}

process.on('message', (message: unknown) => {
  const order = Order.parse(message)
  if (order.what === 'report') {
    const each = [...seen.values()]
    process.send?.({
      arrivals,
      framesMax: Math.max(...each.map(({ frames }) => frames)),
      lastDiffers: new Set(each.map(({ last }) => last)).size,
      known: JSON.stringify(known),
    })
    arrivals = []
    for (const one of each) one.frames = 0
    return
  }
  const { url, token, topic, count } = order
  void (async () => {
    for (let at = 0; at < count; at += CONNECTING_MAX) {
      const some = Math.min(CONNECTING_MAX, count - at)
      await Promise.all(Array.from({ length: some }, () => open(url, token, topic)))
    }
    process.send?.({ connected: sockets.length })
  })()
})
process.on('disconnect', () => process.exit(0))
