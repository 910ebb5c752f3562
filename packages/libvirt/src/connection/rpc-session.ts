import { ConnectionError, type ConnectionErrorKind } from '../errors/connection-error.ts'
import { LibvirtError } from '../errors/libvirt-error.ts'
import type { Procedure } from '../procedures/procedure.ts'
import {
  KeepaliveProcedure,
  MessageStatus,
  MessageType,
  PACKET_HEADER_BYTES,
  PacketWriter,
  Program,
  PROGRAM_VERSION,
} from '../rpc/packet.ts'
import { FramingError, PacketReader } from '../rpc/packet-reader.ts'
import { remoteError } from '../rpc/remote-error.ts'
import type { Transport } from '../transport/transport.ts'
import type { Codec } from '../xdr/codec.ts'
import { empty } from '../xdr/struct.ts'
import { XdrError } from '../xdr/xdr-error.ts'
import { XdrReader } from '../xdr/xdr-reader.ts'
import type { CloseKind, CloseReason } from './close-reason.ts'
import type { ConnectionLimits } from './limits.ts'

/** A call until its reply. It keeps its place in flight when nobody waits any more: the daemon still works on it. */
interface PendingCall {
  readonly serial: number
  readonly program: number
  readonly procedure: number
  readonly name: string
  readonly result: Codec<unknown>
  packet: Buffer | null
  settled: boolean
  timer: NodeJS.Timeout | null
  signal: AbortSignal | null
  onAbort: (() => void) | null
  readonly onResult: (value: unknown) => void
  readonly onFailure: (error: Error) => void
}

/** Options of one call. */
export interface CallOptions {
  /** Gives up waiting; whether libvirt acts on the call stays unknown. */
  readonly signal?: AbortSignal | undefined
  /** Gives up after this time, waiting for its turn included; `null` = never. Default: the connection's `callTimeoutMs`. */
  readonly timeoutMs?: number | null | undefined
}

/** A call of the connection itself: it does not count against what the caller may queue. */
export interface SessionCallOptions extends CallOptions {
  readonly ownCall?: boolean
}

export interface SessionPort {
  /** An event; the reader stands behind the header and is valid until this returns. */
  message(program: number, procedure: number, reader: XdrReader): void
  /** Bytes arrived. */
  heard(): void
  /** Once, after every open call was failed. */
  closed(reason: CloseReason): void
}

/**
 * Packets, calls and keepalive answers over one transport: what every connection is made of, before and after it
 * is authenticated and open.
 */
export class RpcSession {
  readonly #transport: Transport
  readonly #limits: ConnectionLimits
  readonly #port: SessionPort
  readonly #packets: PacketReader
  readonly #reader = new XdrReader()
  readonly #writer = new PacketWriter()
  readonly #inFlight = new Map<number, PendingCall>()
  readonly #queued = new Set<PendingCall>()
  #serial = 0
  #closed: CloseReason | null = null

  constructor(transport: Transport, limits: ConnectionLimits, port: SessionPort) {
    this.#transport = transport
    this.#limits = limits
    this.#port = port
    this.#packets = new PacketReader(
      (bytes, start, end) => this.#packet(bytes, start, end),
      limits.maxPacketBytes,
    )
  }

  start(): void {
    this.#transport.start({
      data: (bytes, start, end) => this.#data(bytes, start, end),
      closed: (error) => {
        if (error === null) this.end('peer', 'the daemon closed the connection', null)
        else this.end('transport', `the connection failed: ${error.message}`, error)
      },
    })
  }

  get closeReason(): CloseReason | null {
    return this.#closed
  }

  get inFlight(): number {
    return this.#inFlight.size
  }

  get queued(): number {
    return this.#queued.size
  }

  /** Whether the daemon reads no further until a call ends. */
  get isFull(): boolean {
    return this.#inFlight.size >= this.#limits.maxInFlight
  }

  /** Sends a call as soon as there is room. */
  call<A, R>(procedure: Procedure<A, R>, args: A, options: SessionCallOptions = {}): Promise<R> {
    return new Promise((resolve, reject) => this.send(procedure, args, options, resolve, reject))
  }

  /**
   * The same with functions, which run in the moment the reply is read, before the next packet is looked at:
   * a registration must be known before its first event.
   */
  send<A, R>(
    procedure: Procedure<A, R>,
    args: A,
    options: SessionCallOptions,
    onResult: (value: R) => void,
    onFailure: (error: Error) => void,
  ): void {
    if (this.#closed !== null) {
      onFailure(
        new ConnectionError('closed', `${procedure.name}: ${this.#closed.message}`, causeOf(this.#closed)),
      )
      return
    }
    const { signal } = options
    if (signal?.aborted === true) {
      onFailure(abortError(procedure.name, signal))
      return
    }
    const room = this.#inFlight.size < this.#limits.maxInFlight && this.#queued.size === 0
    if (!room && this.#queued.size >= this.#limits.maxQueuedCalls && options.ownCall !== true) {
      const { maxQueuedCalls } = this.#limits
      onFailure(
        new ConnectionError(
          'limit',
          `${procedure.name}: ${maxQueuedCalls} calls are waiting already (maxQueuedCalls)`,
        ),
      )
      return
    }
    const serial = this.#nextSerial()
    let packet: Buffer
    try {
      packet = this.#encode(procedure, serial, args)
    } catch (error) {
      onFailure(argumentError(procedure.name, error))
      return
    }
    const call: PendingCall = {
      serial,
      program: procedure.program,
      procedure: procedure.number,
      name: procedure.name,
      result: procedure.result,
      packet: null,
      settled: false,
      timer: null,
      signal: null,
      onAbort: null,
      // The value comes from `procedure.result`, the codec of R.
      onResult: onResult as (value: unknown) => void,
      onFailure,
    }
    this.#watch(call, procedure.unbounded, options)
    if (room) {
      this.#inFlight.set(serial, call)
      this.#transport.write(packet)
    } else {
      call.packet = packet
      this.#queued.add(call)
    }
  }

  sendPing(): void {
    this.#keepalive(KeepaliveProcedure.PING)
  }

  /** Ends the connection and fails every open call; the first reason stays. */
  end(kind: CloseKind, message: string, error: Error | null): void {
    if (this.#closed !== null) return
    const reason: CloseReason = { kind, message, error }
    this.#closed = reason
    this.#transport.destroy()
    const calls = [...this.#inFlight.values(), ...this.#queued]
    this.#inFlight.clear()
    this.#queued.clear()
    for (const call of calls) {
      this.#fail(call, new ConnectionError(errorKindOf(kind), `${call.name}: ${message}`, causeOf(reason)))
    }
    this.#port.closed(reason)
  }

  #data(bytes: Buffer, start: number, end: number): void {
    if (this.#closed !== null) return
    this.#port.heard()
    try {
      this.#packets.push(bytes, start, end)
    } catch (error) {
      if (!(error instanceof FramingError)) throw error
      this.#broken(error.message, error)
    }
  }

  #packet(bytes: Buffer, start: number, end: number): void {
    if (this.#closed !== null) return
    const program = bytes.readUInt32BE(start + 4)
    const version = bytes.readUInt32BE(start + 8)
    const procedure = bytes.readInt32BE(start + 12)
    const type = bytes.readInt32BE(start + 16)
    const status = bytes.readInt32BE(start + 24)
    if (version !== PROGRAM_VERSION) {
      this.#broken(`program 0x${program.toString(16)} in version ${version}; only ${PROGRAM_VERSION} exists`)
      return
    }
    const reader = this.#reader.reset(bytes, start + PACKET_HEADER_BYTES, end)
    if (type === MessageType.REPLY) {
      this.#reply(program, procedure, bytes.readUInt32BE(start + 20), status, reader)
    } else if (type === MessageType.MESSAGE) {
      this.#message(program, procedure, reader)
    } else {
      this.#broken(`a packet of type ${type}; a daemon sends replies (1) and messages (2) on this connection`)
    }
  }

  #message(program: number, procedure: number, reader: XdrReader): void {
    if (program === Program.KEEPALIVE) {
      // A pong needs no more than having been heard; unknown procedures are ignored, as libvirt does.
      if (procedure === KeepaliveProcedure.PING) this.#keepalive(KeepaliveProcedure.PONG)
      return
    }
    try {
      this.#port.message(program, procedure, reader)
    } catch (error) {
      if (!(error instanceof XdrError)) throw error
      this.#broken(`event message ${procedure}: ${error.message}`, error)
    }
  }

  #reply(program: number, procedure: number, serial: number, status: number, reader: XdrReader): void {
    const call = this.#inFlight.get(serial)
    if (call === undefined) {
      this.#broken(`a reply with serial ${serial}, which no open call has`)
      return
    }
    if (call.procedure !== procedure || call.program !== program) {
      this.#broken(
        `the reply to ${call.name} says procedure ${procedure} of program 0x${program.toString(16)}`,
      )
      return
    }
    if (status === MessageStatus.OK) {
      let value: unknown
      try {
        value = call.result.decode(reader)
        reader.finish()
      } catch (error) {
        this.#undecodable(call, error)
        return
      }
      this.#done(call)
      if (!call.settled) {
        this.#settle(call)
        call.onResult(value)
      }
    } else if (status === MessageStatus.ERROR) {
      let error: LibvirtError
      try {
        error = new LibvirtError(remoteError.decode(reader), call.name)
        reader.finish()
      } catch (cause) {
        this.#undecodable(call, cause)
        return
      }
      this.#done(call)
      this.#fail(call, error)
    } else {
      this.#broken(`the reply to ${call.name} has status ${status}; 0 (ok) and 1 (error) are possible`)
    }
  }

  #undecodable(call: PendingCall, error: unknown): void {
    if (!(error instanceof XdrError)) throw error
    this.#broken(`the reply to ${call.name} cannot be read: ${error.message}`, error)
  }

  #broken(message: string, error: Error | null = null): void {
    this.end('protocol', `the daemon broke the protocol: ${message}`, error)
  }

  /** Frees the call's place and lets the next one go. */
  #done(call: PendingCall): void {
    this.#inFlight.delete(call.serial)
    for (const next of this.#queued) {
      if (this.#inFlight.size >= this.#limits.maxInFlight) return
      this.#queued.delete(next)
      this.#inFlight.set(next.serial, next)
      if (next.packet !== null) this.#transport.write(next.packet)
      next.packet = null
    }
  }

  #watch(call: PendingCall, unbounded: boolean, { signal, timeoutMs }: CallOptions): void {
    const limit = timeoutMs === undefined ? (unbounded ? null : this.#limits.callTimeoutMs) : timeoutMs
    if (limit !== null) {
      call.timer = setTimeout(() => {
        this.#giveUp(call, new ConnectionError('timeout', `${call.name}: no answer within ${limit} ms`))
      }, limit)
    }
    if (signal !== undefined) {
      const onAbort = (): void => this.#giveUp(call, abortError(call.name, signal))
      call.signal = signal
      call.onAbort = onAbort
      signal.addEventListener('abort', onAbort, { once: true })
    }
  }

  #giveUp(call: PendingCall, error: ConnectionError): void {
    this.#queued.delete(call)
    this.#fail(call, error)
  }

  #fail(call: PendingCall, error: Error): void {
    if (call.settled) return
    this.#settle(call)
    call.onFailure(error)
  }

  #settle(call: PendingCall): void {
    call.settled = true
    if (call.timer !== null) clearTimeout(call.timer)
    if (call.signal !== null && call.onAbort !== null) call.signal.removeEventListener('abort', call.onAbort)
  }

  #nextSerial(): number {
    do {
      this.#serial = (this.#serial + 1) >>> 0
    } while (this.#inFlight.has(this.#serial))
    return this.#serial
  }

  #encode<A, R>(procedure: Procedure<A, R>, serial: number, args: A): Buffer {
    const { program, number } = procedure
    const header = {
      program,
      version: PROGRAM_VERSION,
      procedure: number,
      type: MessageType.CALL,
      serial,
      status: MessageStatus.OK,
    }
    return this.#writer.packet(header, procedure.args, args)
  }

  #keepalive(procedure: number): void {
    const header = {
      program: Program.KEEPALIVE,
      version: PROGRAM_VERSION,
      procedure,
      type: MessageType.MESSAGE,
      serial: 0,
      status: MessageStatus.OK,
    }
    this.#transport.write(this.#writer.packet(header, empty, {}))
  }
}

function errorKindOf(kind: CloseKind): ConnectionErrorKind {
  return kind === 'protocol' || kind === 'limit' ? kind : 'closed'
}

function causeOf(reason: CloseReason): ErrorOptions {
  return reason.error === null ? {} : { cause: reason.error }
}

function abortError(name: string, signal: AbortSignal): ConnectionError {
  return new ConnectionError('aborted', `${name}: the caller gave up`, { cause: signal.reason })
}

function argumentError(name: string, error: unknown): Error {
  if (error instanceof XdrError)
    return new ConnectionError('argument', `${name}: ${error.message}`, { cause: error })
  return error instanceof Error ? error : new Error(String(error))
}
