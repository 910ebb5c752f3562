// What there is without Coreshift: express with helmet that answers with a fixed body, or asks libvirt for one VM's XML and
// makes one row durable, and socket.io with one room.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DatabaseSync } from 'node:sqlite'
import express from 'express'
import helmet from 'helmet'
import { Server } from 'socket.io'
import { z } from 'zod'
import { connect, domainByUuid, domainGetXmlDesc } from '../../packages/libvirt/src/index.ts'

/** The libvirt URI to ask, and the database file to write. */
const Resizes = z.object({ hostUri: z.string(), file: z.string() })

const Order = z.discriminatedUnion('what', [
  z.object({ what: z.literal('listen'), body: z.unknown(), resizes: Resizes.optional() }),
  z.object({ what: z.literal('memory') }),
  z.object({ what: z.literal('tell'), topic: z.string() }),
])

/** About as long as what is told of one VM. */
const PATCH = { vms: { '6f1f7d3a-58b4-4c0f-9d4e-000000000000': { status: 'paused', rev: 7 } } }

let io: Server | undefined
let rev = 0

/** What nobody can do without who decides on what is true now and forgets nothing: one read of libvirt, one durable row. */
function readAndWrite({ hostUri, file }: z.infer<typeof Resizes>): express.RequestHandler {
  const connection = connect(hostUri)
  const database = new DatabaseSync(file)
  database.exec(
    'pragma journal_mode = wal; pragma synchronous = full; create table resize (vm text, body text)',
  )
  const insert = database.prepare('insert into resize values (?, ?)')
  return async ({ params: { uuid }, body }, response) => {
    const domain = domainByUuid(String(uuid))
    const { xml } = await (await connection).call(domainGetXmlDesc, { domain, flags: 0 })
    insert.run(String(uuid), JSON.stringify({ body: body as unknown, length: xml.length }))
    response.status(202).json({ vm: uuid })
  }
}

process.on('message', (message: unknown) => {
  const order = Order.parse(message)
  if (order.what === 'memory') {
    globalThis.gc?.()
    process.send?.(process.memoryUsage())
    return
  }
  if (order.what === 'tell') {
    const at = Number(process.hrtime.bigint()) / 1e6
    rev += 1
    io?.of('/live').to(order.topic).emit('change', { topic: order.topic, rev, patch: PATCH })
    process.send?.({ at })
    return
  }
  const app = express()
  app.use(helmet())
  app.get('/vm', (_request, response) => void response.json(order.body))
  if (order.resizes) app.post('/vm/:uuid', express.json(), readAndWrite(order.resizes))
  const server = createServer(app)
  io = new Server(server, { transports: ['websocket'], perMessageDeflate: false, serveClient: false })
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
