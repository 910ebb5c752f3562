import { type Duplex, duplexPair } from 'node:stream'
import { type DomainEvent, type EventDefinition, eventMessage } from '../../src/events/event-definition.ts'
import {
  connectClose,
  connectDomainEventCallbackDeregisterAny,
  connectDomainEventCallbackRegisterAny,
  connectGetLibVersion,
  connectGetType,
  connectGetUri,
  connectGetVersion,
  connectOpen,
  connectSupportsFeature,
} from '../../src/procedures/connect.ts'
import { authList } from '../../src/procedures/auth.ts'
import { procedureByNumber } from '../../src/procedures/catalog.ts'
import type { Procedure } from '../../src/procedures/procedure.ts'
import {
  encodePacket,
  MessageStatus,
  MessageType,
  PACKET_HEADER_BYTES,
  type PacketHeader,
  Program,
  PROGRAM_VERSION,
  readHeader,
} from '../../src/rpc/packet.ts'
import { PacketReader } from '../../src/rpc/packet-reader.ts'
import { remoteError } from '../../src/rpc/remote-error.ts'
import { empty } from '../../src/xdr/struct.ts'
import { XdrReader } from '../../src/xdr/xdr-reader.ts'

/** A refusal with this code, as libvirt would send it. */
export class Refusal {
  readonly code: number
  readonly domain: number
  readonly message: string

  constructor(code: number, message: string, domain = 10) {
    this.code = code
    this.domain = domain
    this.message = message
  }
}

/** A call that has arrived; `reply` may be called at any later time. */
export interface ArrivedCall {
  readonly header: PacketHeader
  readonly args: unknown
  reply(result: unknown): void
  refuse(refusal: Refusal): void
}

type Handler = (call: ArrivedCall) => void

/** A daemon that does exactly what a test tells it, over an in-memory stream. */
export class ScriptedDaemon {
  readonly calls: ArrivedCall[] = []
  /** Packets of the keepalive program that arrived: 1 ping, 2 pong. */
  readonly keepalives: number[] = []
  readonly #handlers = new Map<string, Handler>()
  readonly #client: Duplex
  readonly #server: Duplex
  #nextCallback = 0

  constructor() {
    const [client, server] = duplexPair()
    this.#client = client
    this.#server = server
    const reader = new PacketReader((bytes, start, end) => this.#packet(bytes.subarray(start, end)))
    server.on('data', (chunk: Buffer) => reader.push(chunk))
    this.answer(authList, { types: [0] })
    this.answer(connectSupportsFeature, { supported: 1 })
    this.answer(connectOpen, {})
    this.answer(connectGetLibVersion, { version: 12_008_000n })
    this.answer(connectGetVersion, { version: 11_001_003n })
    this.answer(connectGetUri, { uri: 'qemu:///system' })
    this.answer(connectGetType, { type: 'QEMU' })
    this.answer(connectClose, {})
    this.answer(connectDomainEventCallbackDeregisterAny, {})
    this.on(connectDomainEventCallbackRegisterAny, (call) => call.reply({ callbackId: this.#nextCallback++ }))
  }

  /** For `connect(…, { transport })`. */
  readonly transport = (): Duplex => this.#client

  answer<A, R>(procedure: Procedure<A, R>, result: R | Refusal): void {
    this.on(procedure, (call) => (result instanceof Refusal ? call.refuse(result) : call.reply(result)))
  }

  on<A, R>(procedure: Procedure<A, R>, handler: Handler): void {
    this.#handlers.set(`${procedure.program}/${procedure.number}`, handler)
  }

  /** Calls of a procedure that arrived so far. */
  callsOf<A, R>(procedure: Procedure<A, R>): ArrivedCall[] {
    return this.calls.filter(
      ({ header }) => header.program === procedure.program && header.procedure === procedure.number,
    )
  }

  emit<E extends DomainEvent>(event: EventDefinition<E>, callbackId: number, body: E): void {
    this.sendRaw(
      encodePacket(
        {
          program: event.program,
          version: PROGRAM_VERSION,
          procedure: event.procedure,
          type: MessageType.MESSAGE,
          serial: 1,
          status: MessageStatus.OK,
        },
        eventMessage(event),
        { callbackId, event: body },
      ),
    )
  }

  sendPing(): void {
    this.sendRaw(
      encodePacket(
        {
          program: Program.KEEPALIVE,
          version: PROGRAM_VERSION,
          procedure: 1,
          type: MessageType.MESSAGE,
          serial: 0,
          status: MessageStatus.OK,
        },
        empty,
        {},
      ),
    )
  }

  sendRaw(bytes: Uint8Array): void {
    this.#server.write(bytes)
  }

  /** Closes the socket without a word, as a daemon that is stopped does. */
  hangUp(): void {
    this.#server.end()
  }

  #packet(bytes: Buffer): void {
    const header = readHeader(bytes)
    if (header.program === Program.KEEPALIVE) {
      this.keepalives.push(header.procedure)
      return
    }
    const procedure = procedureByNumber(header.program, header.procedure)
    if (procedure === undefined) throw new Error(`the client called an unknown procedure ${header.procedure}`)
    const args = procedure.args.decode(new XdrReader().reset(bytes, PACKET_HEADER_BYTES))
    const call: ArrivedCall = {
      header,
      args,
      reply: (result) =>
        this.sendRaw(encodePacket({ ...header, type: MessageType.REPLY }, procedure.result, result)),
      refuse: ({ code, domain, message }) =>
        this.sendRaw(
          encodePacket({ ...header, type: MessageType.REPLY, status: MessageStatus.ERROR }, remoteError, {
            code,
            domain,
            message,
            level: 2,
            dom: null,
            str1: '%1$s',
            str2: message,
            str3: null,
            int1: -1,
            int2: -1,
            net: null,
          }),
        ),
    }
    this.calls.push(call)
    this.#handlers.get(`${header.program}/${header.procedure}`)?.(call)
  }
}
