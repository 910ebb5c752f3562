import { existsSync } from 'node:fs'
import { readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { guestXml, type GuestSpec } from './guest-definition.ts'
import { isDaemonRunning, startDaemon, stopDaemon } from './host-daemons.ts'
import { runInHost } from './host-process.ts'
import type { Layout } from './layout.ts'
import type { CommandResult } from './run-command.ts'
import { waitUntil } from './wait-until.ts'

/** A guest boots in 3-10 s on an idle machine; this is for a busy one. */
const BOOT_TIMEOUT_MS = 180_000

/** Enough of a console to see what a guest did instead of what a test waited for. */
const LAST_LINES_SHOWN = 8

/** An aborted migration ends within a second on an idle machine; this is for a busy one. */
const JOB_ABORT_TIMEOUT_MS = 30_000

/** The kit's own host, as tests use it. Every method needs the host to be up. */
export class KitHost {
  readonly layout: Layout
  private readonly specs: Map<string, GuestSpec>

  constructor(layout: Layout) {
    this.layout = layout
    this.specs = new Map(layout.kind.guests.map((guest) => [guest.name, guest]))
  }

  /** Folder of the host. */
  get dir(): string {
    return this.layout.dir
  }

  /** libvirt's read-write socket. */
  get socketPath(): string {
    return this.layout.socketPath
  }

  /** libvirt URI of the host. */
  get uri(): string {
    return this.layout.uri
  }

  /** Path of the guest's serial console log. It starts anew with each start of the guest. */
  console(name: string): string {
    return join(this.layout.consoles, `${name}.log`)
  }

  /** Everything the guest has said on its serial console since it was started. */
  async consoleText(name: string): Promise<string> {
    const path = this.console(name)
    return existsSync(path) ? (await readFile(path, 'utf8')).replaceAll('\r', '') : ''
  }

  /** The last `online=…` the guest has printed, such as `0-3`; `undefined` before it booted. */
  async onlineCpus(name: string): Promise<string | undefined> {
    return [...(await this.consoleText(name)).matchAll(/^online=(\S+)$/gm)].at(-1)?.[1]
  }

  /**
   * Waits until the last `online=…` the guest has printed is `cpus`, such as `0-3`.
   * @throws Error when it is not within `timeoutMs`.
   */
  async waitForOnline(name: string, cpus: string, timeoutMs = BOOT_TIMEOUT_MS): Promise<void> {
    await waitUntil(async () => (await this.onlineCpus(name)) === cpus, {
      timeoutMs,
      what: `online=${cpus} on the console of ${name}`,
      instead: async () =>
        `it said last: ${(await this.consoleText(name)).trimEnd().split('\n').slice(-LAST_LINES_SHOWN).join(' | ')}`,
    })
  }

  /** Waits until the guest has booted, that is, has printed its first `online=…`. */
  async waitForBoot(name: string, timeoutMs = BOOT_TIMEOUT_MS): Promise<void> {
    await waitUntil(async () => (await this.onlineCpus(name)) !== undefined, {
      timeoutMs,
      what: `the start of ${name}`,
    })
  }

  /** The host's own virsh, whatever its exit code. */
  async virsh(...args: readonly string[]): Promise<CommandResult> {
    return await runInHost(this.layout, '/usr/bin/virsh', ['--connect', 'qemu:///system', ...args])
  }

  /**
   * The host's own virsh, which has to succeed; gives its trimmed standard output.
   * @throws Error with virsh's words otherwise.
   */
  async mustVirsh(...args: readonly string[]): Promise<string> {
    const result = await this.virsh(...args)
    if (result.code !== 0) throw new Error(`virsh ${args.join(' ')}: ${result.stderr.trim()}`)
    return result.stdout.trim()
  }

  /** Names of the guests that run. */
  async runningGuests(): Promise<readonly string[]> {
    return (await this.mustVirsh('list', '--name')).split('\n').filter((name) => name !== '')
  }

  /** Defines a guest, or gives an existing one this definition; a running one takes it at its next start. */
  async defineGuest(spec: GuestSpec): Promise<void> {
    const inside = `/tmp/${spec.name}.${process.pid}.xml`
    const outside = join(this.layout.root, inside)
    await writeFile(outside, guestXml(spec))
    await this.mustVirsh('define', inside)
    await rm(outside)
    this.specs.set(spec.name, spec)
  }

  /** Starts a defined guest with an empty console log; does not wait until it has booted. */
  async startGuest(name: string): Promise<void> {
    if (existsSync(this.console(name))) await truncate(this.console(name), 0)
    await this.mustVirsh('start', name)
  }

  /** Ends the guest, gives it its original definition back, starts it and waits until it has booted. */
  async resetGuest(name: string): Promise<void> {
    const spec = this.specs.get(name)
    if (spec === undefined) throw new Error(`${name} is no guest of the kit and was not defined through it`)
    await this.stopGuest(name)
    await this.defineGuest(spec)
    await this.startGuest(name)
    await this.waitForBoot(name)
  }

  /** Ends the guest at once, as a power cut would, and forgets a saved state; one that is off stays off. */
  async stopGuest(name: string): Promise<void> {
    if (await this.isRunning(name)) {
      await this.abortJob(name)
      // A job that was done before it could be aborted has ended the guest.
      if (await this.isRunning(name)) await this.mustVirsh('destroy', name)
    }
    if ((await this.mustVirsh('list', '--all', '--name', '--with-managed-save')).split('\n').includes(name)) {
      await this.mustVirsh('managedsave-remove', name)
    }
  }

  private async isRunning(name: string): Promise<boolean> {
    return (await this.runningGuests()).includes(name)
  }

  /** Ends a job such as a migration, during which libvirt refuses to end the guest; without a job nothing happens. */
  private async abortJob(name: string): Promise<void> {
    if (!(await this.hasJob(name))) return
    const aborted = await this.virsh('domjobabort', name)
    // A job that ended between the two questions is no failure.
    if (aborted.code !== 0 && (await this.hasJob(name)))
      throw new Error(`virsh domjobabort ${name}: ${aborted.stderr.trim()}`)
    await waitUntil(async () => !(await this.hasJob(name)), {
      timeoutMs: JOB_ABORT_TIMEOUT_MS,
      what: `the end of the job of ${name}`,
    })
  }

  /** Whether a job runs; a guest that has gone in the meantime has none. */
  private async hasJob(name: string): Promise<boolean> {
    const { code, stdout } = await this.virsh('domjobinfo', name)
    return code === 0 && !/^Job type:\s+None\s*$/m.test(stdout)
  }

  /** Ends the guest and removes its definition. */
  async removeGuest(name: string): Promise<void> {
    await this.stopGuest(name)
    await this.mustVirsh('undefine', name)
    this.specs.delete(name)
  }

  /** Ends libvirtd in order and starts it again; guests go on running. Comes back when it takes connections. */
  async restartDaemon(): Promise<void> {
    await stopDaemon(this.layout, 'libvirtd')
    await startDaemon(this.layout, 'libvirtd')
  }

  /** Kills libvirtd (SIGKILL) and leaves it dead until {@link startDaemon}; guests go on running. */
  async killDaemon(): Promise<void> {
    await stopDaemon(this.layout, 'libvirtd', 'KILL')
  }

  /** Ends libvirtd in order and leaves it off until {@link startDaemon}. */
  async stopDaemon(): Promise<void> {
    await stopDaemon(this.layout, 'libvirtd')
  }

  /** Starts libvirtd unless it runs. Comes back when it takes connections. */
  async startDaemon(): Promise<void> {
    await startDaemon(this.layout, 'libvirtd')
  }

  /** Whether libvirtd runs. */
  async isDaemonRunning(): Promise<boolean> {
    return await isDaemonRunning(this.layout, 'libvirtd')
  }
}
