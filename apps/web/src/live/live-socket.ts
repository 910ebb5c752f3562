import { io, type Socket } from 'socket.io-client'
import type { LiveClientToServer, LiveEndReason, LiveServerToClient } from '@coreshift/shared/contract'
import type { LiveListener, LivePort } from './live-port.ts'

/** An acknowledgement that takes longer will not come. */
const ACK_TIMEOUT_MS = 10_000
/** Wait before coming back after the server itself closed the connection, as when it restarts. */
const RETURN_AFTER_CLOSE_MS = 2_000
const RECONNECT_MIN_MS = 500
const RECONNECT_MAX_MS = 5_000

/** After these the server would only close the connection again. */
const FINAL_REASONS: readonly LiveEndReason[] = ['session-ended', 'not-permitted']

interface LiveSocketParts {
  /** ms since 1970 */
  readonly now: () => number
  /** The server refused or ended the connection: whether the session still stands has to be asked. */
  readonly onSessionDoubt: () => void
}

interface LiveSocket extends LivePort {
  open(): void
  close(): void
}

/** The live connection over socket.io, WebSocket only. It is opened after sign-in and closed at sign-out. */
export function createLiveSocket({ now, onSessionDoubt }: LiveSocketParts): LiveSocket {
  const listeners: LiveListener[] = []
  const socket: Socket<LiveServerToClient, LiveClientToServer> = io('/live', {
    autoConnect: false,
    transports: ['websocket'],
    reconnectionDelay: RECONNECT_MIN_MS,
    reconnectionDelayMax: RECONNECT_MAX_MS,
  })
  let lostSince: number | undefined
  let wanted = false
  let ended = false
  let returning: ReturnType<typeof setTimeout> | undefined

  const tell: LiveListener['connection'] = (connection) => {
    for (const listener of listeners) listener.connection(connection)
  }
  const tellLost = (cause: string) => {
    lostSince ??= now()
    tell({ state: 'lost', since: lostSince, cause })
  }
  const returnSoon = () => {
    clearTimeout(returning)
    returning = setTimeout(() => wanted && !ended && socket.connect(), RETURN_AFTER_CLOSE_MS)
  }

  socket.on('connect', () => {
    lostSince = undefined
    tell({ state: 'live', since: now() })
  })
  socket.on('connect_error', (error) => {
    tellLost(error.message)
    // `active` is false when the server answered and refused; socket.io then stops trying.
    if (socket.active) return
    onSessionDoubt()
    returnSoon()
  })
  socket.on('disconnect', (reason) => {
    if (ended || !wanted) return
    tellLost(reason)
    if (!socket.active) returnSoon()
  })
  socket.on('ended', ({ reason, message }) => {
    if (!FINAL_REASONS.includes(reason)) return
    ended = true
    tell({ state: 'ended', since: now(), reason, message })
    onSessionDoubt()
  })
  socket.on('change', (change) => {
    for (const listener of listeners) listener.change(change)
  })
  socket.on('notice', (notice) => {
    for (const listener of listeners) listener.notice(notice)
  })

  return {
    listen: (listener) => void listeners.push(listener),
    watch: (topic, held) =>
      socket.timeout(ACK_TIMEOUT_MS).emitWithAck('watch', { topic, ...(held ? { held } : {}) }),
    unwatch: (topic) => void socket.emit('unwatch', { topic }),
    open() {
      if (wanted && !ended) return
      wanted = true
      ended = false
      lostSince = undefined
      tell({ state: 'connecting', since: now() })
      socket.connect()
    },
    close() {
      wanted = false
      clearTimeout(returning)
      socket.disconnect()
    },
  }
}
