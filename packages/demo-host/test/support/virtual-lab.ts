import {
  type Connection,
  connect,
  deviceRemovalFailed,
  type DomainRef,
  domainLookupByName,
  jobCompleted,
  lifecycle,
  reboot,
  vcpuRemoved,
} from '@coreshift/libvirt'
import {
  type DaemonVersion,
  type Demo,
  type FleetHost,
  startDemo,
  VirtualClock,
  type VmSpec,
} from '../../src/index.ts'
import type { Domain } from '../../src/hypervisor/domain.ts'
import type { HostEvent } from '../../src/hypervisor/host-event.ts'
import type { Machine } from '../../src/hypervisor/machine.ts'
import { LibvirtFault } from '../../src/hypervisor/libvirt-fault.ts'

interface LabOptions {
  readonly version?: DaemonVersion
  readonly seed?: string | number
  readonly vms?: readonly VmSpec[]
  readonly arch?: string
}

/** A VM that can be resized: 4 of 8 vCPUs, the first fixed. */
export const PLAIN_VM: VmSpec = { name: 'vm', os: 'debian-12', sockets: 4, maxSockets: 8 }

/** Two hosts in memory and in virtual time; everything that happens on the first is written down. */
export class VirtualLab {
  readonly clock: VirtualClock
  readonly demo: Demo
  readonly lab: FleetHost
  readonly other: FleetHost
  /** What happened on `lab`, one line each, with the milliseconds since the start. */
  readonly log: string[] = []
  readonly #startedAt: number

  private constructor(clock: VirtualClock, demo: Demo) {
    this.clock = clock
    this.demo = demo
    this.lab = only(demo.hosts[0])
    this.other = only(demo.hosts[1])
    this.#startedAt = clock.now()
    this.lab.host.subscribe((event) => this.log.push(`${clock.now() - this.#startedAt} ${lineOf(event)}`))
  }

  static async start(options: LabOptions = {}): Promise<VirtualLab> {
    const clock = new VirtualClock()
    const hardware = options.arch === undefined ? {} : { hardware: { arch: options.arch } }
    const demo = await startDemo({
      clock,
      seed: options.seed ?? 7,
      listen: false,
      story: [
        { name: 'lab', version: options.version ?? '12.8.0', ...hardware, vms: options.vms ?? [PLAIN_VM] },
        { name: 'other', version: options.version ?? '12.8.0', ...hardware, vms: [] },
      ],
    })
    return new VirtualLab(clock, demo)
  }

  /** A VM of `lab` by name. */
  domain(name = 'vm'): Domain {
    return this.lab.host.byName(name)
  }

  machine(name = 'vm'): Machine {
    return this.domain(name).running()
  }

  /** libvirt's events so far without their times; QEMU's own are in `log` only. */
  get events(): string[] {
    return this.log
      .map((line) => line.slice(line.indexOf(' ') + 1))
      .filter((line) => !line.startsWith('qemu-monitor '))
  }

  /** A client of `lab`, or of another host. */
  async connect(host: FleetHost = this.lab, options: { readOnly?: boolean } = {}): Promise<Connection> {
    return this.clock.until(
      connect('qemu:///system', { transport: () => host.open(), keepalive: false, ...options }),
    )
  }

  /** Advances time until the promise is settled. */
  until<T>(promise: Promise<T>): Promise<T> {
    return this.clock.until(promise)
  }

  /** Runs something that must fail, and gives the fault. */
  async fault(action: () => unknown): Promise<LibvirtFault> {
    const failed = await this.until(
      (async () => {
        try {
          await action()
        } catch (error) {
          if (error instanceof LibvirtFault) return error
          throw error
        }
        return null
      })(),
    )
    if (failed === null) throw new Error('the call went through; it must be refused')
    return failed
  }

  async stop(): Promise<void> {
    const reports = this.demo.hosts.flatMap(({ daemon }) => daemon.reports)
    await this.demo.stop()
    if (reports.length > 0) throw new AggregateError(reports, 'the simulation failed inside')
  }
}

/** Records the events that the product lives on, as a client sees them. */
export async function watch(lab: VirtualLab, connection: Connection): Promise<string[]> {
  const seen: string[] = []
  await lab.until(
    Promise.all([
      connection.subscribe(lifecycle, ({ domain, event, detail }) =>
        seen.push(`lifecycle ${domain.name} ${event}/${detail}`),
      ),
      connection.subscribe(reboot, ({ domain }) => seen.push(`reboot ${domain.name}`)),
      connection.subscribe(jobCompleted, ({ domain }) => seen.push(`job ${domain.name}`)),
      connection.subscribe(vcpuRemoved, ({ domain, vcpuId }) =>
        seen.push(`removed ${domain.name} ${vcpuId}`),
      ),
      connection.subscribe(deviceRemovalFailed, ({ domain, deviceAlias }) =>
        seen.push(`failed ${domain.name} ${deviceAlias}`),
      ),
    ]),
  )
  return seen
}

export async function refOf(lab: VirtualLab, connection: Connection, name = 'vm'): Promise<DomainRef> {
  return (await lab.until(connection.call(domainLookupByName, { name }))).domain
}

function only<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the lab has two hosts')
  return value
}

function lineOf(event: HostEvent): string {
  const { kind, domain, ...rest } = event
  const details = Object.entries(rest)
    .filter(([key]) => key !== 'params')
    .map(([key, value]) => `${key}=${String(value)}`)
  return [kind, domain.name, ...details].join(' ')
}
