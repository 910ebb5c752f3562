import { rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import type { DemoControl } from './demo-control.ts'

/** Longest line that the door reads; a longer one ends the connection. */
const LINE_CHARS_MAX = 65_536

/** Methods that another process may call. Each is a method of `DemoControl` with the same arguments. */
export const DOOR_METHODS = [
  'vms',
  'vm',
  'setGuest',
  'act',
  'answer',
  'addFault',
  'clearFaults',
  'stall',
  'cut',
  'stopDaemon',
  'startDaemon',
] as const
export type DoorMethod = (typeof DOOR_METHODS)[number]

interface Request {
  readonly id: unknown
  readonly method: DoorMethod
  readonly args: readonly unknown[]
}

/**
 * The control door for other processes: one JSON object per line on a unix socket,
 * `{"id":1,"method":"setGuest","args":["lab","web-01",{"behaviour":"refuses"}]}`, answered by `{"id":1,"result":…}` or
 * `{"id":1,"error":"…"}`. Only whoever may open the socket file can use it.
 */
export class ControlDoor {
  readonly path: string
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  private constructor(path: string, server: Server) {
    this.path = path
    this.#server = server
  }

  static async open(path: string, control: DemoControl): Promise<ControlDoor> {
    rmSync(path, { force: true })
    const server = createServer()
    const door = new ControlDoor(path, server)
    server.on('connection', (socket) => door.#serve(socket, control))
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen({ path, readableAll: false, writableAll: false }, resolve)
    })
    return door
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve())
    })
  }

  #serve(socket: Socket, control: DemoControl): void {
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    // The caller went away; there is nobody left to tell.
    socket.on('error', () => undefined)
    const lines = createInterface({ input: socket })
    lines.on('line', (line) => {
      void answer(control, line).then((text) => socket.write(`${text}\n`))
      if (line.length > LINE_CHARS_MAX) socket.destroy()
    })
  }
}

async function answer(control: DemoControl, line: string): Promise<string> {
  let id: unknown = null
  try {
    const request = parseRequest(line)
    id = request.id
    const result = await run(control, request)
    return JSON.stringify({ id, result: typeof result === 'function' ? null : (result ?? null) })
  } catch (error) {
    return JSON.stringify({ id, error: error instanceof Error ? error.message : String(error) })
  }
}

function parseRequest(line: string): Request {
  const parsed: unknown = JSON.parse(line)
  if (typeof parsed !== 'object' || parsed === null || !('method' in parsed)) {
    throw new Error('a request is an object with id, method and args')
  }
  const method = DOOR_METHODS.find((each) => each === parsed.method)
  if (method === undefined) {
    throw new Error(`there is no method ${String(parsed.method)}; there are ${DOOR_METHODS.join(', ')}`)
  }
  const args: readonly unknown[] = 'args' in parsed && Array.isArray(parsed.args) ? parsed.args : []
  return { id: 'id' in parsed ? parsed.id : null, method, args }
}

function run(control: DemoControl, { method, args }: Request): unknown {
  // The door is for tests and the demo only: arguments are checked by what they are used for, not here.
  const call = control[method].bind(control) as (...given: readonly unknown[]) => unknown
  return call(...args)
}
