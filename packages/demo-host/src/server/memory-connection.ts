import { Duplex } from 'node:stream'
import type { Daemon } from './daemon.ts'

/**
 * A client's end of a connection without any socket: give it to `connect(uri, { transport })` of the client library.
 * When the daemon is down it ends at once.
 */
export function memoryConnection(daemon: Daemon): Duplex {
  const client = new Duplex({
    read() {
      // The daemon pushes whenever it has something.
    },
    write(bytes: Buffer, _encoding, done) {
      session?.receive(bytes)
      done()
    },
    final(done) {
      session?.destroy()
      done()
    },
    destroy(error, done) {
      session?.destroy()
      done(error)
    },
  })
  const end = (): void => void client.push(null)
  const session = daemon.accept({ write: (bytes) => void client.push(bytes), end, destroy: end })
  if (session === null) end()
  return client
}
