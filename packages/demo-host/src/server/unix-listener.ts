import { rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import type { Daemon } from './daemon.ts'

/** Bytes that wait for a slow client before the daemon drops it. */
const UNSENT_BYTES_MAX = 64 * 1024 * 1024

/** A simulated daemon on a unix socket. */
export class UnixListener {
  readonly path: string
  readonly #server: Server
  readonly #daemon: Daemon
  readonly #sockets = new Set<Socket>()

  private constructor(path: string, daemon: Daemon, server: Server) {
    this.path = path
    this.#daemon = daemon
    this.#server = server
  }

  /** Listens on `path`; a socket file left over there is replaced. */
  static async listen(path: string, daemon: Daemon): Promise<UnixListener> {
    rmSync(path, { force: true })
    const server = createServer()
    const listener = new UnixListener(path, daemon, server)
    server.on('connection', (socket) => listener.#serve(socket))
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(path, () => {
        server.off('error', reject)
        resolve()
      })
    })
    return listener
  }

  /** The libvirt URI of this daemon for clients on the same machine. */
  get uri(): string {
    return `qemu+unix:///system?socket=${encodeURIComponent(this.path)}`
  }

  /** Ends all connections and the socket. */
  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve())
    })
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket)
    const session = this.#daemon.accept({
      write: (bytes) => {
        socket.write(bytes)
        if (socket.writableLength > UNSENT_BYTES_MAX) socket.destroy()
      },
      end: () => socket.end(),
      // Gives what was written a chance to leave: a connection can be cut in the middle of a packet on purpose.
      destroy: () => socket.destroySoon(),
    })
    if (session === null) {
      this.#sockets.delete(socket)
      socket.destroy()
      return
    }
    socket.on('data', (bytes: Buffer) => session.receive(bytes))
    // A client that vanishes is no mistake of this side; `close` follows.
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.#sockets.delete(socket)
      session.destroy()
    })
  }
}
