import {
  type Codec,
  empty,
  FramingError,
  KeepaliveProcedure,
  MessageStatus,
  MessageType,
  type PacketHeader,
  PacketReader,
  PacketWriter,
  PACKET_HEADER_BYTES,
  Program,
  PROGRAM_VERSION,
  readHeader,
  remoteError,
  XdrError,
  XdrReader,
} from '@coreshift/libvirt/wire'
import type { DemoHost } from '../hypervisor/demo-host.ts'
import type { HostEvent } from '../hypervisor/host-event.ts'
import { LibvirtFault, readOnly, rpcFault, rpcInternal } from '../hypervisor/libvirt-fault.ts'
import { versionNumber } from '../hypervisor/daemon-version.ts'
import type { Daemon } from './daemon.ts'
import { eventPacket } from './event-messages.ts'
import type { Entry } from './handler-table.ts'
import { type ByteSink, SessionOutput } from './session-output.ts'
import { SessionEvents } from './session-events.ts'
import { ServerKeepalive } from './server-keepalive.ts'

/** Calls in flight after which a daemon stops reading (`max_client_requests`). */
const MAX_CLIENT_REQUESTS = 5

/** One client's connection to a simulated daemon. */
export class Session {
  readonly daemon: Daemon
  readonly number: number
  readonly events: SessionEvents
  readonly keepalive: ServerKeepalive
  /** Set by open: `null` while no driver is open. */
  driver: { readonly readOnly: boolean; readonly uri: string } | null = null
  readonly #output: SessionOutput
  readonly #writer = new PacketWriter()
  readonly #reader = new PacketReader((bytes, start, end) =>
    this.#inbox.push(Buffer.from(bytes.subarray(start, end))),
  )
  #inbox: Buffer[] = []
  #inFlight = 0
  #ended = false

  constructor(daemon: Daemon, number: number, sink: ByteSink) {
    this.daemon = daemon
    this.number = number
    this.#output = new SessionOutput(sink, daemon.host.clock, daemon.faults, number)
    this.events = new SessionEvents(() => daemon.takeCallbackId(), daemon.host.features.highestEvent)
    this.keepalive = new ServerKeepalive(daemon.host.clock, {
      ping: () => this.#sendKeepalive(KeepaliveProcedure.PING),
      lost: () => this.destroy(),
    })
  }

  get host(): DemoHost {
    return this.daemon.host
  }

  /** Takes bytes from the client, in pieces of any size. */
  receive(bytes: Buffer): void {
    if (this.#ended) return
    this.keepalive.heard()
    try {
      this.#reader.push(bytes)
    } catch (error) {
      if (!(error instanceof FramingError)) throw error
      // An impossible length: the daemon closes at once, before reading the body.
      this.destroy()
      return
    }
    this.#work()
  }

  /** Sends an event to whoever registered for it here. */
  tell(event: HostEvent): void {
    if (this.#ended || this.driver === null) return
    for (const callbackId of this.events.interested(event)) {
      const bytes = eventPacket(this.#writer, event, callbackId)
      this.#output.send({ kind: 'event', name: event.kind, domain: event.domain.uuid }, bytes)
    }
  }

  /** Nothing goes out for a while. */
  stall(ms: number): void {
    this.#output.stall(ms)
  }

  /** The client is gone, or the daemon is. */
  destroy(): void {
    if (this.#ended) return
    this.#ended = true
    this.#inbox = []
    this.keepalive.stop()
    this.#output.destroy()
    this.daemon.forget(this)
  }

  #work(): void {
    // With the window full nothing is read, not even a ping.
    while (this.#inFlight < MAX_CLIENT_REQUESTS && !this.#ended) {
      const packet = this.#inbox.shift()
      if (packet === undefined) return
      this.#take(packet)
    }
  }

  #take(packet: Buffer): void {
    const header = readHeader(packet)
    if (header.program === Program.KEEPALIVE) {
      if (header.procedure === KeepaliveProcedure.PING) this.#sendKeepalive(KeepaliveProcedure.PONG)
      return
    }
    if (header.type !== MessageType.CALL) return
    this.#inFlight++
    void this.#answer(header, packet).finally(() => {
      this.#inFlight--
      this.#work()
    })
  }

  async #answer(header: PacketHeader, packet: Buffer): Promise<void> {
    let entry: Entry | undefined
    try {
      entry = this.#entryFor(header)
      const args = this.#decode(entry, header, packet)
      this.#checkAccess(entry)
      const result = await entry.handle(this, args)
      this.#reply(header, MessageStatus.OK, entry.procedure.result, result, entry.procedure.name)
    } catch (error) {
      if (!(error instanceof LibvirtFault)) this.daemon.report(error)
      this.#replyError(header, error, entry?.procedure.name ?? 'unknown')
    }
    if (entry?.procedure.name === 'virConnectClose') this.#end()
  }

  #entryFor(header: PacketHeader): Entry {
    const { program, version, procedure } = header
    if ((program !== Program.REMOTE && program !== Program.QEMU) || version !== PROGRAM_VERSION) {
      throw rpcFault(`Cannot find program ${program} version ${version}`)
    }
    const entry = this.daemon.table.find(program, procedure)
    if (entry === undefined || versionNumber(entry.procedure.since) > this.host.features.libvirt) {
      throw rpcFault(`unknown procedure: ${procedure}`)
    }
    return entry
  }

  #decode(entry: Entry, header: PacketHeader, packet: Buffer): unknown {
    if (header.status !== MessageStatus.OK) throw rpcFault('Unexpected message status 1')
    try {
      return entry.procedure.args.decode(new XdrReader().reset(packet, PACKET_HEADER_BYTES))
    } catch (error) {
      if (error instanceof XdrError) throw rpcFault('Unable to decode message payload')
      throw error
    }
  }

  #checkAccess(entry: Entry): void {
    if (entry.access === 'none') return
    if (this.driver === null) throw rpcInternal('hypervisor connection not open')
    if (entry.access === 'write' && this.driver.readOnly) throw readOnly(entry.procedure.name)
  }

  #reply<T>(header: PacketHeader, status: number, codec: Codec<T>, value: T, name: string): void {
    if (this.#ended) return
    const bytes = this.#writer.packet({ ...header, type: MessageType.REPLY, status }, codec, value)
    this.#output.send({ kind: 'reply', name, domain: null }, bytes)
  }

  #replyError(header: PacketHeader, error: unknown, name: string): void {
    try {
      this.#reply(header, MessageStatus.ERROR, remoteError, this.#errorBody(error), name)
    } catch (problem) {
      if (!(problem instanceof XdrError)) throw problem
      // A text too long for the wire, such as a name of 4 MiB in the message: libvirt closes instead of answering.
      this.destroy()
    }
  }

  #errorBody(error: unknown) {
    const fault =
      error instanceof LibvirtFault
        ? error
        : rpcInternal(`the simulation failed: ${error instanceof Error ? error.message : String(error)}`)
    const { shape } = fault
    const str1 =
      shape.kind === 'function' ? shape.name : formatOf(shape.prefix, this.host.features.formatMark)
    return {
      code: fault.code,
      domain: fault.domain,
      message: fault.message,
      level: 2,
      dom: null,
      str1,
      str2: fault.detail,
      str3: null,
      int1: fault.int1,
      int2: shape.kind === 'function' ? 0 : -1,
      net: null,
    }
  }

  #sendKeepalive(procedure: number): void {
    const header = {
      program: Program.KEEPALIVE,
      version: PROGRAM_VERSION,
      procedure,
      type: MessageType.MESSAGE,
      serial: 0,
      status: MessageStatus.OK,
    }
    this.#output.send(
      { kind: 'keepalive', name: 'keepalive', domain: null },
      this.#writer.packet(header, empty, {}),
    )
  }

  #end(): void {
    if (this.#ended) return
    this.#ended = true
    this.keepalive.stop()
    this.#output.end()
    this.daemon.forget(this)
  }
}

/** A message that is all detail was made with a plain `%s`, in every version. */
function formatOf(prefix: string, mark: string): string {
  return prefix === '' ? '%s' : `${prefix}${mark}`
}
