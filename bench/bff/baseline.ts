// What there is without Coreshift: express with helmet that answers with a fixed body, and socket.io with one room.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import helmet from 'helmet'
import { Server } from 'socket.io'
import { z } from 'zod'

const Order = z.discriminatedUnion('what', [
  z.object({ what: z.literal('listen'), body: z.unknown() }),
  z.object({ what: z.literal('memory') }),
])

process.on('message', (message: unknown) => {
  const order = Order.parse(message)
  if (order.what === 'memory') {
    globalThis.gc?.()
    process.send?.(process.memoryUsage())
    return
  }
  const app = express()
  app.use(helmet())
  app.get('/vm', (_request, response) => void response.json(order.body))
  const server = createServer(app)
  const io = new Server(server, { transports: ['websocket'], perMessageDeflate: false, serveClient: false })
  io.of('/live').on('connection', (socket) => {
    socket.on('watch', ({ topic }: { topic: string }, answer: (answer: object) => void) => {
      void socket.join(topic)
      answer({ ok: true, topic, rev: 0, snapshot: order.body })
    })
  })
  server.listen(0, '127.0.0.1', () => {
    process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
  })
})
process.on('disconnect', () => process.exit(0))
