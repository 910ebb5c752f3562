import { connect, type Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { vmExample } from '../../test/fake-doors.ts'
import { liveServer, nextChange, watch } from '../../test/live-test.ts'
import { FRAME_INTERVAL_MS } from './frame-pacer.ts'
import { BACKLOG_MAX_BYTES, CUT_OFF_CODE } from './slow-consumer.ts'

/** A WebSocket client over a bare connection, so that a test can stop reading from it. */
async function rawClient(url: string, token: string): Promise<{ socket: Socket; received: () => Buffer }> {
  const { port } = new URL(url)
  const socket = connect(Number(port), '127.0.0.1')
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  const received = (): Buffer => Buffer.concat(chunks)
  const until = (text: string): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!received().includes(text)) return
        socket.off('data', look)
        resolve()
      }
      socket.on('data', look)
      look()
    })
  socket.write(
    'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  )
  await until('"sid"')
  socket.write(textFrame(`40/live,${JSON.stringify({ token })}`))
  await until('40/live,{"sid"')
  socket.write(textFrame('42/live,0["watch",{"topic":"fleet"}]'))
  await until('43/live,0[')
  return { socket, received }
}

/** RFC 6455, 5.2: final text frame of less than 126 bytes, masked with zeros. */
function textFrame(text: string): Buffer {
  const payload = Buffer.from(text)
  if (payload.length > 125) throw new Error('this frame is too long for one length byte')
  return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload])
}

describe('a viewer that does not read', () => {
  it('is cut off with a reason once too much waits for it, and others go on', async () => {
    await using server = await liveServer()
    const reader = await server.clientFor('viewer')
    await watch(reader, 'fleet')
    const { socket, received } = await rawClient(server.url, await server.tokenFor('operator'))
    socket.pause()
    expect(server.live.sockets()).toBe(2)

    expect(server.live.queued()).toBe(0)

    let frames = 0
    let queuedMost = 0
    for (; server.live.sockets() === 2; frames += 1) {
      const change = nextChange(reader)
      server.doors.putVm(vmExample({ title: `${frames}${'x'.repeat(BACKLOG_MAX_BYTES / 4)}` }))
      await change
      queuedMost = Math.max(queuedMost, server.live.queued())
    }
    expect(queuedMost).toBeGreaterThan(0)
    expect(server.live.queued()).toBe(0)
    // The network's own buffers take some frames; that the server's queue has an end is what counts.
    expect(frames * FRAME_INTERVAL_MS).toBeLessThan(60_000)
    expect(server.live.sockets()).toBe(1)

    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.resume()
    await closed
    const end = received().subarray(-4 - 'slow-consumer'.length)
    expect(end.subarray(4).toString()).toBe('slow-consumer')
    expect(end.readUInt16BE(2)).toBe(CUT_OFF_CODE)
    expect(reader.connected).toBe(true)
  })
})
