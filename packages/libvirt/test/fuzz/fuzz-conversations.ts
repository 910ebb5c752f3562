import { EventRouter } from '../../src/connection/event-router.ts'
import { shakeHands } from '../../src/connection/handshake.ts'
import { DEFAULT_LIMITS } from '../../src/connection/limits.ts'
import { RpcSession } from '../../src/connection/rpc-session.ts'
import type { CloseReason } from '../../src/connection/close-reason.ts'
import { ConnectionError } from '../../src/errors/connection-error.ts'
import { LibvirtError } from '../../src/errors/libvirt-error.ts'
import { lifecycle, vcpuRemoved } from '../../src/events/domain-events.ts'
import { connectGetAllDomainStats, connectListAllDomains } from '../../src/procedures/connect.ts'
import { domainGetState, domainGetXmlDesc } from '../../src/procedures/domain-lookup.ts'
import { domainGetVcpus, domainSetVcpusFlags } from '../../src/procedures/domain-vcpus.ts'
import { MessageStatus, MessageType, readHeader } from '../../src/rpc/packet.ts'
import type { Transport, TransportHandlers } from '../../src/transport/transport.ts'
import { type RecordedPacket, readRecording, recordingNames } from '../support/recording.ts'
import { mutate } from './mutate.ts'
import { Random } from './random.ts'

/** How the conversations ended, by `CloseKind`; `local` means that the client survived everything. */
type ConversationFuzzResult = Record<string, number>

const domain = { name: 'fuzz', uuid: '27fe1c41-4d1a-4ab0-a08e-fd318a488aab', id: 1 }

/**
 * Holds `count` conversations with a daemon that answers with recorded packets, some of them damaged, late, doubled,
 * unasked for or missing. Every promise must settle, with a value or a typed error, and the end must have a reason.
 */
export async function fuzzConversations(count: number, seed: number): Promise<ConversationFuzzResult> {
  const corpus = new Corpus(recordingNames.flatMap(readRecording))
  const result: ConversationFuzzResult = {}
  for (let i = 0; i < count; i++) {
    try {
      const { kind } = await oneConversation(corpus, new Random(seed + i))
      result[kind] = (result[kind] ?? 0) + 1
    } catch (cause) {
      throw new Error(`conversation of seed ${seed + i} (count 1)`, { cause })
    }
  }
  return result
}

async function oneConversation(corpus: Corpus, random: Random): Promise<CloseReason> {
  const { promise: closed, resolve } = Promise.withResolvers<CloseReason>()
  const transport = new DamagingTransport(corpus, random)
  const session: RpcSession = new RpcSession(transport, DEFAULT_LIMITS, {
    message: (program, procedure, reader) => events.message(program, procedure, reader),
    heard: () => undefined,
    closed: resolve,
  })
  const events = new EventRouter(session, DEFAULT_LIMITS.maxUnclaimedEvents, (error) => {
    throw error
  })
  session.start()
  const call = { timeoutMs: null }
  const opened = shakeHands(session, {
    ...call,
    daemonUri: 'qemu:///system',
    readOnly: false,
    keepalive: true,
    credentials: { username: 'tester', password: 'pass' },
    confidential: true,
  })
  const answers = [
    events.subscribe(vcpuRemoved, () => undefined, null, call),
    events.subscribe(lifecycle, () => undefined, null, call),
    session.call(connectListAllDomains, { needResults: 1, flags: 0 }, call),
    session.call(connectGetAllDomainStats, { domains: [], stats: 0, flags: 0 }, call),
    session.call(domainGetState, { domain, flags: 0 }, call),
    session.call(domainGetVcpus, { domain, maxInfo: 8, mapLength: 1 }, call),
    session.call(domainGetXmlDesc, { domain, flags: 0 }, call),
    session.call(domainSetVcpusFlags, { domain, count: 2, flags: 33 }, call),
  ]
  const outcomes = Promise.allSettled([opened, ...answers])
  await transport.finished
  // Whatever was never answered ends with the connection.
  session.end('local', 'the conversation is over', null)
  for (const outcome of await outcomes) {
    if (outcome.status === 'fulfilled') continue
    const { reason } = outcome
    if (!(reason instanceof LibvirtError) && !(reason instanceof ConnectionError)) throw reason
  }
  return closed
}

/** Recorded packets of the daemon's side, by what they answer. */
class Corpus {
  readonly all: readonly Buffer[]
  readonly messages: readonly Buffer[]
  readonly #replies = new Map<string, Buffer[]>()

  constructor(packets: readonly RecordedPacket[]) {
    const sent = packets.filter(({ dir }) => dir === 'server->client').map(({ bytes }) => bytes)
    this.all = sent
    this.messages = sent.filter((bytes) => readHeader(bytes).type === MessageType.MESSAGE)
    for (const bytes of sent) {
      const { program, procedure, type } = readHeader(bytes)
      if (type !== MessageType.REPLY) continue
      const key = `${program}/${procedure}`
      this.#replies.set(key, [...(this.#replies.get(key) ?? []), bytes])
    }
  }

  /** A recorded reply to a call, mostly one that says yes. */
  reply(call: Buffer, random: Random): Buffer {
    const { program, procedure, serial } = readHeader(call)
    const known = this.#replies.get(`${program}/${procedure}`) ?? []
    const good = known.filter((bytes) => readHeader(bytes).status === MessageStatus.OK)
    const from = good.length > 0 && random.chance(0.9) ? good : known
    const reply = Buffer.from(from.length > 0 ? random.pick(from) : random.pick(this.all))
    reply.writeUInt32BE(serial, 20)
    return reply
  }
}

/** A daemon that is not to be trusted. It speaks for a while and then falls silent or hangs up. */
class DamagingTransport implements Transport {
  readonly confidential = true
  readonly description = 'fuzz'
  readonly finished: Promise<void>
  readonly #corpus: Corpus
  readonly #random: Random
  readonly #damage: number
  readonly #finish: () => void
  #handlers: TransportHandlers | null = null
  #left: number

  constructor(corpus: Corpus, random: Random) {
    this.#corpus = corpus
    this.#random = random
    // Some daemons are nearly honest: they get further before something is wrong.
    this.#damage = random.pick([0.02, 0.1, 0.3])
    this.#left = 4 + random.below(40)
    const { promise, resolve } = Promise.withResolvers<void>()
    this.finished = promise
    this.#finish = resolve
  }

  start(handlers: TransportHandlers): void {
    this.#handlers = handlers
    setImmediate(() => this.#speakLast())
  }

  write(packet: Buffer): void {
    const random = this.#random
    if (random.chance(0.02)) return
    const answers = [this.#corpus.reply(packet, random)]
    if (random.chance(0.2)) answers.push(random.pick(this.#corpus.messages))
    if (random.chance(0.03)) answers.push(random.pick(answers))
    queueMicrotask(() => answers.forEach((answer) => this.#send(answer)))
  }

  destroy(): void {
    this.#handlers = null
    this.#finish()
  }

  #send(honest: Buffer): void {
    const random = this.#random
    if (this.#handlers === null || this.#left-- <= 0) return
    const bytes = random.chance(this.#damage) ? mutate(honest, random.pick(this.#corpus.all), random) : honest
    const cut = random.chance(0.3) ? random.below(bytes.length + 1) : bytes.length
    this.#handlers.data(bytes, 0, cut)
    if (cut < bytes.length) this.#handlers?.data(bytes, cut, bytes.length)
  }

  /** After the last answers have been given: the end of the stream, or silence. */
  #speakLast(turns = 6): void {
    if (turns > 0) {
      setImmediate(() => this.#speakLast(turns - 1))
      return
    }
    if (this.#random.chance(0.5)) this.#handlers?.closed(this.#random.chance(0.5) ? null : new Error('reset'))
    this.#finish()
  }
}
