import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { ControlDoor } from '../control/control-door.ts'
import { DemoControl } from '../control/demo-control.ts'
import { MigrateFlags } from '@coreshift/libvirt'
import { DemoHost } from '../hypervisor/demo-host.ts'
import { LibvirtFault } from '../hypervisor/libvirt-fault.ts'
import { migratePeerToPeer } from '../hypervisor/migration.ts'
import { Daemon } from '../server/daemon.ts'
import { memoryConnection } from '../server/memory-connection.ts'
import { UnixListener } from '../server/unix-listener.ts'
import { type Clock, realClock } from '../time/clock.ts'
import { addVm } from './add-vm.ts'
import { DEMO_STORY } from './demo-story.ts'
import type { HostSpec } from './host-spec.ts'

const DEFAULT_SEED = 'coreshift'

export interface DemoOptions {
  /** Real time by default. */
  readonly clock?: Clock
  /** The same seed gives the same fleet and the same chances; a fixed one by default. */
  readonly seed?: string | number
  /** Hosts and their VMs; the demo's story by default. */
  readonly story?: readonly HostSpec[]
  /** Where the sockets lie; a new folder for temporary files by default, removed at the end. */
  readonly folder?: string
  /** `false`: no sockets, only `FleetHost.open()`; `true` by default. */
  readonly listen?: boolean
  /** Path of a unix socket for the control door; there is none by default. */
  readonly controlDoor?: string
}

/** One host of a running fleet. */
export interface FleetHost {
  readonly name: string
  /** libvirt URI for clients on this machine. An offline host has one too: nobody answers there. */
  readonly uri: string
  readonly online: boolean
  readonly host: DemoHost
  readonly daemon: Daemon
  /** A connection without a socket, for `connect(uri, { transport: () => fleetHost.open() })`. */
  open(): Duplex
}

/** A running fleet. */
export interface Demo {
  readonly hosts: readonly FleetHost[]
  readonly control: DemoControl
  /** Ends everything: connections, sockets, timers that matter. */
  stop(): Promise<void>
}

/** Starts a fleet of simulated hosts, on unix sockets unless told otherwise. */
export async function startDemo(options: DemoOptions = {}): Promise<Demo> {
  const clock = options.clock ?? realClock
  const seed = options.seed ?? DEFAULT_SEED
  const listen = options.listen ?? true
  const ownFolder = listen && options.folder === undefined
  const folder = ownFolder ? await mkdtemp(join(tmpdir(), 'coreshift-demo-')) : (options.folder ?? '/nowhere')
  const servers = new Map(
    (options.story ?? DEMO_STORY).map((spec) => [
      spec.name,
      new FleetServer(spec, clock, seed, join(folder, `${spec.name}.sock`)),
    ]),
  )
  const all = [...servers.values()]
  for (const { host } of all) host.peers = (uri) => all.find((server) => server.answersTo(uri))?.host
  const online = all.filter(({ spec }) => spec.online !== false)
  if (listen) await Promise.all(online.map((server) => server.listen()))
  for (const server of online) server.startMigrations(all)
  const control = new DemoControl(servers)
  const door = options.controlDoor === undefined ? null : await ControlDoor.open(options.controlDoor, control)
  return {
    hosts: all.map((server) => server.asFleetHost()),
    control,
    async stop() {
      await door?.close()
      await Promise.all(all.map((server) => server.dispose()))
      if (ownFolder) await rm(folder, { recursive: true, force: true })
    },
  }
}

/** One host with its daemon and its socket. */
export class FleetServer {
  readonly spec: HostSpec
  readonly host: DemoHost
  readonly daemon: Daemon
  readonly path: string
  #listener: UnixListener | null = null
  #listens = false

  constructor(spec: HostSpec, clock: Clock, seed: string | number, path: string) {
    this.spec = spec
    this.path = path
    this.host = new DemoHost({
      name: spec.name,
      version: spec.version,
      ...(spec.hardware === undefined ? {} : { hardware: spec.hardware }),
      clock,
      seed,
    })
    for (const vm of spec.vms) addVm(this.host, vm)
    this.daemon = new Daemon(this.host)
    if (spec.online === false) this.daemon.stop()
  }

  get uri(): string {
    return `qemu+unix:///system?socket=${encodeURIComponent(this.path)}`
  }

  asFleetHost(): FleetHost {
    const online = this.spec.online !== false
    return {
      name: this.spec.name,
      uri: this.uri,
      online,
      host: this.host,
      daemon: this.daemon,
      open: () => memoryConnection(this.daemon),
    }
  }

  /** Whether a migration URI means this host: its own URI, its socket, or its name. */
  answersTo(uri: string): boolean {
    if (uri === this.uri) return true
    const socket = /[?&]socket=([^&]+)/.exec(uri)?.[1]
    if (socket !== undefined && decodeURIComponent(socket) === this.path) return true
    return /^qemu\+\w+:\/\/(?:[^@/]+@)?([^/:]+)/.exec(uri)?.[1] === this.spec.name
  }

  /** Sets off the migrations of the story. They end with the fleet, or when somebody aborts them. */
  startMigrations(all: readonly FleetServer[]): void {
    for (const { name, migratingTo } of this.spec.vms) {
      const target = all.find(({ spec }) => spec.name === migratingTo)
      if (target === undefined) continue
      const flags =
        MigrateFlags.LIVE | MigrateFlags.PEER2PEER | MigrateFlags.PERSIST_DEST | MigrateFlags.UNDEFINE_SOURCE
      migratePeerToPeer(this.host, this.host.byName(name), target.uri, flags).catch((error: unknown) => {
        // Aborted, or the machine stopped: part of the story.
        if (!(error instanceof LibvirtFault)) this.daemon.report(error)
      })
    }
  }

  async listen(): Promise<void> {
    this.#listens = true
    this.#listener ??= await UnixListener.listen(this.path, this.daemon)
  }

  /** The daemon stops: connections close, the socket is gone, machines run on. */
  async stopDaemon(): Promise<void> {
    this.daemon.stop()
    await this.#listener?.close()
    this.#listener = null
  }

  /** The daemon comes back. */
  async startDaemon(): Promise<void> {
    this.daemon.start()
    if (this.#listens) await this.listen()
  }

  async dispose(): Promise<void> {
    this.daemon.dispose()
    await this.#listener?.close()
    this.#listener = null
    for (const { machine } of this.host.domains.values()) machine?.halt()
  }
}
