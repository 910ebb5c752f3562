import { Duplex } from 'node:stream'
import {
  connectListAllDomains,
  domainGetXmlDesc,
  domainSetVcpu,
  domainSetVcpusFlags,
  ModificationImpact,
} from '@coreshift/libvirt'
import { MessageType, Program } from '@coreshift/libvirt/wire'
import type { FleetHost } from '@coreshift/demo-host'
import type { CrashPlan } from './crash-points.ts'
import type { SimulatedProcess } from './simulated-process.ts'
import type { VirtualTime } from './virtual-time.ts'

type Server = NonNullable<ReturnType<FleetHost['daemon']['accept']>>

/** Where the program, the procedure, the type of a packet stand. */
const PROGRAM_AT = 4
const PROCEDURE_AT = 12
const TYPE_AT = 16

interface WireOptions {
  readonly time: VirtualTime
  readonly process: SimulatedProcess
  readonly crash: CrashPlan
  /** Time that a packet travels, ms. */
  readonly latencyMs: () => number
  /** Told of every change request that leaves. */
  readonly onChangeRequest: (flags: number) => void
  readonly onOpen: (wire: Wire) => void
  /** A cut that was armed has struck. */
  readonly onCut: () => void
}

/** One connection of the server under test to a simulated daemon, with what can happen to it on the way. */
export class Wire {
  readonly client: Duplex
  readonly host: FleetHost
  readonly #options: WireOptions
  #server: Server | null
  #halfOpen = false
  #closed = false
  #cutBeforeRequest = false
  #lastAtServer = 0
  #lastAtClient = 0

  constructor(host: FleetHost, options: WireOptions) {
    this.host = host
    this.#options = options
    this.client = new Duplex({
      read() {
        // What arrives is pushed.
      },
      write: (packet: Buffer, _encoding, done) => {
        this.#leave(packet)
        done()
      },
      final: (done) => {
        this.#hangUp()
        done()
      },
      destroy: (error, done) => {
        this.#hangUp()
        done(error)
      },
    })
    const over = () => this.#arrive(() => void this.client.push(null))
    this.#server = host.daemon.accept({
      write: (bytes) => this.#toClient(Buffer.from(bytes)),
      end: over,
      destroy: over,
    })
    if (this.#server === null) this.client.push(null)
    options.onOpen(this)
  }

  /** Number of the daemon's session; -1 when it took none. */
  get session(): number {
    return this.#server?.number ?? -1
  }

  get open(): boolean {
    return !this.#closed && this.#server !== null && !this.#halfOpen
  }

  /** From now on nothing gets through, in either direction, and nobody is told. */
  turnHalfOpen(): void {
    this.#halfOpen = true
  }

  /** The connection ends with the next change request, before the daemon has read it. */
  cutBeforeRequest(): void {
    this.#cutBeforeRequest = true
  }

  /** Both ends see the connection end. */
  cut(): void {
    this.#hangUp()
    this.#options.process.run(() => void this.client.push(null))
  }

  #leave(packet: Buffer): void {
    const { crash } = this.#options
    const change = isChangeRequest(packet)
    const config = change && (flagsOf(packet) & ModificationImpact.CONFIG) !== 0
    if (change) {
      if (crash.at(config ? 'before-config-write' : 'before-send')) return
      this.#options.onChangeRequest(flagsOf(packet))
      if (this.#cutBeforeRequest) {
        this.#cutBeforeRequest = false
        this.#options.onCut()
        this.cut()
        return
      }
    }
    if (isListing(packet) && crash.at('while-connecting')) return
    this.#lastAtServer = this.#travel(this.#lastAtServer, () => {
      if (!this.#halfOpen) this.#server?.receive(packet)
    })
    if (change) crash.at(config ? 'after-config-write' : 'after-send')
  }

  #toClient(bytes: Buffer): void {
    if (this.#halfOpen) return
    this.#lastAtClient = this.#travel(this.#lastAtClient, () =>
      this.#arrive(() => {
        if (this.#crashesUnread(bytes)) return
        if (!this.client.destroyed) this.client.push(bytes)
      }),
    )
  }

  #crashesUnread(bytes: Buffer): boolean {
    if (bytes.length < TYPE_AT + 4) return false
    const { crash } = this.#options
    const type = bytes.readInt32BE(TYPE_AT)
    const program = bytes.readUInt32BE(PROGRAM_AT)
    if (program === Program.KEEPALIVE) return false
    if (type === MessageType.MESSAGE) return crash.at('event-unread')
    if (isProcedureOf(bytes, [domainSetVcpusFlags.number, domainSetVcpu.number]))
      return crash.at('answer-unread')
    if (isProcedureOf(bytes, [domainGetXmlDesc.number])) return crash.at('during-read')
    return false
  }

  /** In order, and never before what was sent earlier. */
  #travel(notBefore: number, arrive: () => void): number {
    const { time, latencyMs } = this.#options
    const at = Math.max(notBefore, time.now() + latencyMs())
    if (at <= time.now()) arrive()
    else time.setTimer(at - time.now(), arrive)
    return at
  }

  #arrive(action: () => void): void {
    this.#options.process.run(action)
  }

  #hangUp(): void {
    if (this.#closed) return
    this.#closed = true
    const server = this.#server
    if (server === null) return
    // The daemon learns of it when everything sent before has arrived.
    this.#travel(this.#lastAtServer, () => server.destroy())
  }
}

function isProcedureOf(packet: Buffer, numbers: readonly number[]): boolean {
  return (
    packet.readUInt32BE(PROGRAM_AT) === Program.REMOTE && numbers.includes(packet.readInt32BE(PROCEDURE_AT))
  )
}

function isChangeRequest(packet: Buffer): boolean {
  return isProcedureOf(packet, [domainSetVcpusFlags.number, domainSetVcpu.number])
}

function isListing(packet: Buffer): boolean {
  return isProcedureOf(packet, [connectListAllDomains.number])
}

/** Both change requests end with their flags. */
function flagsOf(packet: Buffer): number {
  return packet.readUInt32BE(packet.length - 4)
}
