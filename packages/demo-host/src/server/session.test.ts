import {
  connectGetLibVersion,
  connectListAllDomains,
  domainGetState,
  domainSetVcpusFlags,
  domainGetGuestVcpus,
  isDenied,
  isUnsupportedEvent,
  vcpuRemoved,
} from '@coreshift/libvirt'
import {
  encodePacket,
  empty,
  KeepaliveProcedure,
  MessageType,
  PacketReader,
  procedures,
  Program,
  PROGRAM_VERSION,
  readHeader,
} from '@coreshift/libvirt/wire'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { refOf, VirtualLab, watch } from '../../test/support/virtual-lab.ts'
import type { Session } from './session.ts'

let lab: VirtualLab

beforeEach(async () => {
  lab = await VirtualLab.start()
})
afterEach(() => lab.stop())

/** A client that speaks packets, to see what a library would hide. */
class RawClient {
  readonly received: { type: number; procedure: number; serial: number; status: number; program: number }[] =
    []
  closed = false
  readonly #session: Session | null

  constructor() {
    const reader = new PacketReader((bytes, start) => void this.received.push(readHeader(bytes, start)))
    const close = (): void => {
      this.closed = true
    }
    this.#session = lab.lab.daemon.accept({
      write: (bytes) => reader.push(bytes),
      end: close,
      destroy: close,
    })
  }

  send(bytes: Buffer): void {
    this.#session?.receive(bytes)
  }

  call(name: string, args: unknown, serial: number): void {
    this.send(this.packet(name, args, serial))
  }

  packet(name: string, args: unknown, serial: number): Buffer {
    const procedure = procedures[name]
    if (procedure === undefined) throw new Error(`no procedure ${name}`)
    const header = {
      program: procedure.program,
      version: PROGRAM_VERSION,
      procedure: procedure.number,
      type: MessageType.CALL,
      serial,
      status: 0,
    }
    return encodePacket(header, procedure.args, args)
  }

  ping(): void {
    const header = {
      program: Program.KEEPALIVE,
      version: PROGRAM_VERSION,
      procedure: KeepaliveProcedure.PING,
      type: MessageType.MESSAGE,
      serial: 0,
      status: 0,
    }
    this.send(encodePacket(header, empty, {}))
  }

  open(): void {
    this.call('connectOpen', { uri: 'qemu:///system', flags: 0 }, 1000)
  }

  get pings(): number {
    return this.#keepalive(KeepaliveProcedure.PING)
  }

  get pongs(): number {
    return this.#keepalive(KeepaliveProcedure.PONG)
  }

  get replies(): number[] {
    return this.received.filter(({ type }) => type === MessageType.REPLY).map(({ serial }) => serial)
  }

  #keepalive(procedure: number): number {
    return this.received.filter((each) => each.program === Program.KEEPALIVE && each.procedure === procedure)
      .length
  }
}

describe('packets', () => {
  it('are put together from single bytes, and several may come at once', async () => {
    const client = new RawClient()
    const both = Buffer.concat([
      client.packet('connectOpen', { uri: 'qemu:///system', flags: 0 }, 1),
      client.packet('connectGetType', {}, 2),
    ])
    for (const byte of both) client.send(Buffer.of(byte))
    client.send(
      Buffer.concat([client.packet('connectGetType', {}, 3), client.packet('connectGetType', {}, 4)]),
    )
    await lab.clock.advance(0)
    expect(client.replies).toEqual([1, 2, 3, 4])
  })

  it.each([0, 3, 27, 0xffff_ffff])('with a length of %i end the connection at once', (length) => {
    const client = new RawClient()
    const bytes = Buffer.alloc(8)
    bytes.writeUInt32BE(length, 0)
    client.send(bytes)
    expect(client.closed).toBe(true)
  })

  it('that no error text could answer end the connection', async () => {
    const client = new RawClient()
    client.open()
    await lab.clock.advance(0)
    client.call('domainLookupByName', { name: 'n'.repeat(4_194_304) }, 2)
    await lab.clock.advance(0)
    expect({ replies: client.replies, closed: client.closed }).toEqual({ replies: [1000], closed: true })
  })

  it('that are no calls are ignored', async () => {
    const client = new RawClient()
    client.open()
    const call = client.packet('connectGetType', {}, 5)
    for (const type of [MessageType.REPLY, MessageType.MESSAGE, MessageType.STREAM]) {
      call.writeInt32BE(type, 16)
      client.send(call)
    }
    await lab.clock.advance(0)
    expect(client.replies).toEqual([1000])
    expect(client.closed).toBe(false)
  })
})

describe('five calls in flight', () => {
  it('make the daemon deaf, to pings too, until one of them ends', async () => {
    lab.domain().guest.agent = 'hanging'
    await lab.clock.advance(5000)
    const client = new RawClient()
    client.open()
    await lab.clock.advance(0)
    const domain = lab.domain().ref
    for (let serial = 1; serial <= 5; serial++)
      client.call('domainGetGuestVcpus', { domain, flags: 0 }, serial)
    client.call('domainGetState', { domain, flags: 0 }, 6)
    client.ping()
    await lab.clock.advance(1000)
    expect({ replies: client.replies, pongs: client.pongs }).toEqual({ replies: [1000], pongs: 0 })
    await lab.clock.advance(4500)
    expect(client.replies).toEqual([1000, 1, 6])
    expect(client.pongs).toBe(1)
  })
})

describe('keepalive', () => {
  it('begins only when the client said that it answers, and ends in silence after five pings', async () => {
    const client = new RawClient()
    client.open()
    await lab.clock.advance(60_000)
    expect(client.pings).toBe(0)
    client.call('connectSupportsFeature', { feature: 10 }, 2)
    await lab.clock.advance(25_000)
    expect({ pings: client.pings, closed: client.closed }).toEqual({ pings: 5, closed: false })
    await lab.clock.advance(5000)
    expect({ pings: client.pings, closed: client.closed }).toEqual({ pings: 5, closed: true })
  })

  it('waits anew after every packet from the client', async () => {
    const client = new RawClient()
    client.open()
    client.call('connectSupportsFeature', { feature: 10 }, 2)
    for (let second = 0; second < 60; second++) {
      await lab.clock.advance(1000)
      client.call('connectGetType', {}, 3 + second)
    }
    expect(client.pings).toBe(0)
  })

  it('answers a ping at any time', async () => {
    const client = new RawClient()
    client.ping()
    await lab.clock.advance(0)
    expect(client.pongs).toBe(1)
  })
})

describe('a client of the library', () => {
  it('sees events before it gets the reply of the call that caused them', async () => {
    const connection = await lab.connect()
    const order: string[] = []
    await lab.until(connection.subscribe(vcpuRemoved, ({ vcpuId }) => order.push(`event ${vcpuId}`)))
    const domain = await refOf(lab, connection)
    await lab.until(
      connection.call(domainSetVcpusFlags, { domain, count: 3, flags: 1 }).then(() => order.push('reply')),
    )
    expect(order).toEqual(['event 3', 'reply'])
    await lab.until(connection.close())
  })

  it('may look at everything but change nothing over a read-only connection', async () => {
    const connection = await lab.connect(lab.lab, { readOnly: true })
    const domain = await refOf(lab, connection)
    await lab.until(connection.call(domainGetState, { domain, flags: 0 }))
    const seen = await watch(lab, connection)
    await expect(
      lab.until(connection.call(domainSetVcpusFlags, { domain, count: 5, flags: 1 })),
    ).rejects.toSatisfy(isDenied)
    await expect(lab.until(connection.call(domainGetGuestVcpus, { domain, flags: 0 }))).rejects.toSatisfy(
      isDenied,
    )
    expect(seen).toEqual([])
    await lab.until(connection.close())
  })

  it('loses its connection when the daemon restarts, and finds machines as they are', async () => {
    const connection = await lab.connect()
    const { id } = await refOf(lab, connection)
    await lab.demo.control.stopDaemon('lab')
    await lab.until(connection.closed)
    await expect(lab.connect()).rejects.toThrow()
    await lab.demo.control.startDaemon('lab')
    const again = await lab.connect()
    expect((await refOf(lab, again)).id).toBe(id)
    await lab.until(again.close())
  })

  it('finds the domain free again after a restart in the middle of a synchronous removal', async () => {
    lab.domain().guest.behaviour = 'never-answers'
    const connection = await lab.connect()
    const domain = await refOf(lab, connection)
    const lost = connection.call(domainSetVcpusFlags, { domain, count: 3, flags: 1 })
    const gone = expect(lost).rejects.toThrow()
    await lab.clock.advance(1000)
    await lab.demo.control.stopDaemon('lab')
    await lab.demo.control.startDaemon('lab')
    await gone
    const again = await lab.connect()
    const before = lab.clock.now()
    await lab.until(again.call(domainSetVcpusFlags, { domain, count: 5, flags: 1 }))
    expect(lab.clock.now() - before).toBeLessThan(1000)
    await lab.until(again.close())
  })

  it('gets callback ids that begin at 0 and are numbered over the whole daemon', async () => {
    const one = new RawClient()
    const two = new RawClient()
    const session = lab.lab.daemon.sessions
    for (const client of [one, two]) client.open()
    await lab.clock.advance(0)
    const ids = session.flatMap(({ events }) => [events.register(0, null), events.register(1, null)])
    expect(ids).toEqual([0, 1, 2, 3])
  })
})

describe.each([
  ['9.0.0', 9_000_000n, false],
  ['11.3.0', 11_003_000n, false],
  ['12.4.0', 12_004_000n, true],
  ['12.8.0', 12_008_000n, true],
] as const)('libvirt %s', (version, number, async) => {
  it('says its version and knows the asynchronous form and its event, or refuses both', async () => {
    await lab.stop()
    lab = await VirtualLab.start({ version })
    const connection = await lab.connect()
    expect((await lab.until(connection.call(connectGetLibVersion, {}))).version).toBe(number)
    const domain = await refOf(lab, connection)
    const request = connection.call(domainSetVcpusFlags, { domain, count: 3, flags: 33 })
    if (async) {
      await lab.until(connection.subscribe(vcpuRemoved, () => undefined))
      await lab.until(request)
    } else {
      await expect(lab.until(request)).rejects.toMatchObject({ code: 8, domain: 10 })
      const subscription = connection.subscribe(vcpuRemoved, () => undefined)
      await expect(lab.until(subscription)).rejects.toSatisfy(isUnsupportedEvent)
      expect(lab.demo.control.vm('lab', 'vm').counted).toHaveLength(4)
    }
    await lab.until(connection.close())
  })
})

describe('the list of domains', () => {
  it.each([
    [0, ['off', 'paused', 'running', 'transient']],
    [1, ['paused', 'running', 'transient']],
    [2, ['off']],
    [3, ['off', 'paused', 'running', 'transient']],
    [8, ['transient']],
    [4 | 16, ['running']],
    [32, ['paused']],
    [16 | 64, ['off', 'running', 'transient']],
    [1 | 64, []],
    [1024, []],
    [512 | 2048 | 8192, ['off', 'paused', 'running', 'transient']],
  ])('with flags %i holds %j', async (flags, names) => {
    await lab.stop()
    const base = { os: 'debian-12', sockets: 1, maxSockets: 2 } as const
    lab = await VirtualLab.start({
      vms: [
        { ...base, name: 'running' },
        { ...base, name: 'paused', state: 'paused' },
        { ...base, name: 'off', state: 'off' },
        { ...base, name: 'transient', transient: true },
      ],
    })
    const connection = await lab.connect()
    const { domains, count } = await lab.until(
      connection.call(connectListAllDomains, { needResults: 1, flags }),
    )
    expect(domains.map(({ name }) => name).toSorted()).toEqual(names)
    expect(count).toBe(names.length)
    await lab.until(connection.close())
  })
})
