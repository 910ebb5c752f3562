// A WebSocket client that does no more than a bench needs: thousands of them in one process must not be what is measured.
import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'

/** Bytes of the first part of a frame's header, and of the lengths that may follow (RFC 6455, 5.2). */
const HEADER_BYTES = 2
const TWO_BYTE_LENGTH = 126
const EIGHT_BYTE_LENGTH = 127
const LENGTH_MASK = 0x7f
/** Final frame, text; masked, as a client has to. */
const WHOLE_TEXT = 0x81
const MASKED = 0x80

/** What is read is taken before the next read, of whatever socket. */
const readBuffer = Buffer.allocUnsafeSlow(65_536)

export interface TextSocket {
  /** @param text less than 126 bytes */
  send(text: string): void
}

/**
 * Opens a WebSocket and hands over each text that comes.
 * @param onText told in the order of the texts
 */
export function openTextSocket(
  url: string,
  onText: (text: string) => void,
  onEnd: (error?: Error) => void,
): TextSocket {
  const { hostname, port, pathname, search } = new URL(url)
  const onread = {
    buffer: readBuffer,
    callback(size: number, buffer: Uint8Array): boolean {
      take(buffer as Buffer, size)
      return true
    },
  }
  const socket = connect({ host: hostname, port: Number(port), noDelay: true, onread })
  socket.once('error', onEnd)
  socket.once('close', () => onEnd())
  socket.write(
    [
      `GET ${pathname}${search} HTTP/1.1`,
      `Host: ${hostname}:${port}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
      '\r\n',
    ].join('\r\n'),
  )
  let rest: Buffer | undefined
  let upgraded = false
  return { send: (text) => sendText(socket, text) }

  function take(buffer: Buffer, size: number): void {
    const data = buffer.subarray(0, size)
    let bytes = rest === undefined ? data : Buffer.concat([rest, data])
    if (!upgraded) {
      const end = bytes.indexOf('\r\n\r\n')
      if (end < 0) {
        rest = Buffer.from(bytes)
        return
      }
      const status = bytes.toString('latin1', 0, bytes.indexOf('\r\n'))
      if (!status.startsWith('HTTP/1.1 101')) onEnd(new Error(status))
      upgraded = true
      bytes = bytes.subarray(end + 4)
    }
    const left = takeTexts(bytes, onText)
    rest = left && Buffer.from(left)
  }
}

/** @returns the beginning of a frame whose end has not come yet */
function takeTexts(bytes: Buffer, onText: (text: string) => void): Buffer | undefined {
  let at = 0
  while (bytes.length - at >= HEADER_BYTES) {
    let length = bytes.readUInt8(at + 1) & LENGTH_MASK
    let begin = at + HEADER_BYTES
    if (length === TWO_BYTE_LENGTH) {
      if (bytes.length < begin + 2) break
      length = bytes.readUInt16BE(begin)
      begin += 2
    } else if (length === EIGHT_BYTE_LENGTH) {
      if (bytes.length < begin + 8) break
      length = Number(bytes.readBigUInt64BE(begin))
      begin += 8
    }
    if (bytes.length < begin + length) break
    onText(bytes.toString('utf8', begin, begin + length))
    at = begin + length
  }
  return at === bytes.length ? undefined : bytes.subarray(at)
}

function sendText(socket: Socket, text: string): void {
  const body = Buffer.from(text)
  if (body.length >= TWO_BYTE_LENGTH) throw new Error('a viewer sends short texts only')
  // A mask of zeros leaves the text as it is.
  socket.write(Buffer.concat([Buffer.of(WHOLE_TEXT, MASKED | body.length, 0, 0, 0, 0), body]))
}
