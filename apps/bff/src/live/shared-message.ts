import type { LiveServerToClient } from '@coreshift/shared/contract'
import type { LiveSocket } from './watch-topics.ts'

/** Type of a packet, engine.io's protocol 4: "message". */
const MESSAGE = '4'
/** Type of a packet, socket.io's protocol 5: "EVENT". */
const EVENT = '2'

/** First byte of a WebSocket frame (RFC 6455, 5.2): a text, whole. */
const WHOLE_TEXT = 0x81
/** Lengths up to here stand in the second byte; 126 and 127 there mean that two or eight bytes with the length follow. */
const SHORT_LENGTH_MAX = 125
const LENGTH_IN_TWO_BYTES = 126
const LENGTH_IN_EIGHT_BYTES = 127

/** A text as one WebSocket frame of a server, which masks nothing. */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text)
  const header = headerOf(length)
  const frame = Buffer.allocUnsafe(header.length + length)
  header.copy(frame)
  frame.write(text, header.length)
  return frame
}

function headerOf(length: number): Buffer {
  if (length <= SHORT_LENGTH_MAX) return Buffer.of(WHOLE_TEXT, length)
  if (length <= 0xff_ff) {
    const header = Buffer.of(WHOLE_TEXT, LENGTH_IN_TWO_BYTES, 0, 0)
    header.writeUInt16BE(length, 2)
    return header
  }
  const header = Buffer.alloc(10)
  header.writeUInt8(WHOLE_TEXT, 0)
  header.writeUInt8(LENGTH_IN_EIGHT_BYTES, 1)
  header.writeBigUInt64BE(BigInt(length), 2)
  return header
}

/** What engine.io takes with a text beside what its types say; socket.io's own broadcast gives it the frame in this way. */
interface SendFramed {
  readonly compress?: boolean
  readonly wsPreEncodedFrame: readonly Buffer[]
}

/**
 * An event for many viewers, made into bytes once. socket.io's own broadcast does that too, but hands head and body of the
 * frame to the system as two pieces for each viewer, which takes it a fifth longer than one, and that is most of what a
 * viewer costs.
 * @returns sends it to one of them, behind everything that was sent to that viewer before
 */
export function sharedMessage<E extends keyof LiveServerToClient>(
  namespace: string,
  event: E,
  ...values: Parameters<LiveServerToClient[E]>
): (viewer: LiveSocket) => void {
  const packet = `${EVENT}${namespace},${JSON.stringify([event, ...values])}`
  const frame = textFrame(MESSAGE + packet)
  return (viewer) => {
    // engine.io writes down in it what it decided, and sends the text where it cannot use the frame.
    const options: SendFramed = { wsPreEncodedFrame: [frame] }
    viewer.conn.write(packet, options)
  }
}
