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
import { empty } from '../xdr/struct.ts'
import { XdrError } from '../xdr/xdr-error.ts'
import { XdrReader } from '../xdr/xdr-reader.ts'
import { abortError, type CallOptions, CallWindow, type PendingCall } from './call-window.ts'
import type { CloseKind, CloseReason } from './close-reason.ts'
import type { ConnectionLimits } from './limits.ts'

/** A call of the connection itself: it does not count against what the caller may queue. */
export interface SessionCallOptions extends CallOptions {
  readonly ownCall?: boolean
}

interface SessionPort {
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
  readonly #window: CallWindow
  #closed: CloseReason | null = null

  constructor(transport: Transport, limits: ConnectionLimits, port: SessionPort) {
    this.#transport = transport
    this.#limits = limits
    this.#port = port
    this.#window = new CallWindow(
      limits,
      (packet) => transport.write(packet),
      () =>
        this.end(
          'stuck',
          `the daemon left ${limits.maxInFlight} calls without an answer and takes no other`,
          null,
        ),
    )
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
    return this.#window.inFlight
  }

  get queued(): number {
    return this.#window.queued
  }

  /** Whether the daemon reads no further until a call ends. */
  get isFull(): boolean {
    return this.#window.isFull
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
    if (this.#window.refusesMore && options.ownCall !== true) {
      const { maxQueuedCalls } = this.#limits
      const message = `${procedure.name}: ${maxQueuedCalls} calls are waiting already (maxQueuedCalls)`
      onFailure(new ConnectionError('limit', message))
      return
    }
    const serial = this.#window.nextSerial()
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
    this.#window.watch(call, procedure.unbounded, options)
    this.#window.add(call, packet)
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
    for (const call of this.#window.drain()) {
      const text = `${call.name}: ${message}`
      this.#window.fail(call, new ConnectionError(errorKindOf(kind), text, causeOf(reason)))
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
    const call = this.#window.find(serial)
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
      this.#window.answered(call)
      this.#window.succeed(call, value)
    } else if (status === MessageStatus.ERROR) {
      let error: LibvirtError
      try {
        error = new LibvirtError(remoteError.decode(reader), call.name)
        reader.finish()
      } catch (cause) {
        this.#undecodable(call, cause)
        return
      }
      this.#window.answered(call)
      this.#window.fail(call, error)
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

function argumentError(name: string, error: unknown): Error {
  if (error instanceof XdrError)
    return new ConnectionError('argument', `${name}: ${error.message}`, { cause: error })
  return error instanceof Error ? error : new Error(String(error))
}
