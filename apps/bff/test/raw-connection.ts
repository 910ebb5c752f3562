import { connect, type Socket } from 'node:net'

/** A bare connection: a test writes bytes that no client library would. */
interface RawConnection {
  readonly socket: Socket
  received(): string
  /** Resolves with everything that came, once the other side closed. */
  readonly closed: Promise<string>
  /** Resolves once this text has come, or with what came before the end. */
  until(text: string): Promise<string>
}

export function rawConnection(url: string): RawConnection {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  let text = ''
  const lookers = new Set<() => void>()
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk
    for (const look of lookers) look()
  })
  // A reset is one way of being refused.
  socket.on('error', () => undefined)
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(text)))
  return {
    socket,
    received: () => text,
    closed,
    until: (wanted) =>
      Promise.race([
        closed,
        new Promise<string>((resolve) => {
          const look = (): void => {
            if (text.includes(wanted)) resolve(text)
          }
          lookers.add(look)
          look()
        }),
      ]),
  }
}

/** Sends one request as it is and reads to the end of the connection. */
export function rawExchange(url: string, request: string): Promise<string> {
  const connection = rawConnection(url)
  connection.socket.write(request, 'latin1')
  return connection.closed
}

/** Status of the first answer; 0 when the connection was cut without one. */
export function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0)
}
