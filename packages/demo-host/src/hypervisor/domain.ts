import type { DomainRef, TypedParam } from '@coreshift/libvirt'
import type { DomainDefinition } from '../definition/domain-definition.ts'
import type { GuestProfile } from '../guest/guest-profile.ts'
import { hashText } from '../random.ts'
import type { Clock } from '../time/clock.ts'
import { JobLock } from './job-lock.ts'
import { notRunning, operationInvalid } from './libvirt-fault.ts'
import type { Machine } from './machine.ts'

/** A job that ended, kept for whoever asks. */
interface CompletedJob {
  readonly type: number
  readonly params: readonly TypedParam[]
}

/** A migration under way. */
interface MigrationProgress {
  readonly operation: number
  readonly startedAt: number
  readonly durationMs: number
  readonly totalBytes: number
  abort: () => void
}

/** One domain of a host: its stored definition, the machine that runs, and the guest inside. */
export class Domain {
  readonly uuid: string
  /** Stored definition; `null` for a transient domain. */
  config: DomainDefinition | null
  machine: Machine | null = null
  /** Why it is off (virDomainShutoffReason). */
  shutoffReason = 0
  autostart = false
  managedSave = false
  readonly guest: GuestProfile
  readonly jobs: JobLock
  readonly seed: number
  completedJob: CompletedJob | null = null
  migration: MigrationProgress | null = null
  /** Agent calls of one domain queue behind each other. */
  agentQueue: Promise<unknown> = Promise.resolve()
  /** Seconds that libvirt waits for the agent to synchronise. */
  agentTimeoutSeconds = 5

  constructor(config: DomainDefinition, persistent: boolean, guest: GuestProfile, clock: Clock) {
    this.uuid = config.uuid
    this.#transient = config
    this.config = persistent ? config : null
    this.guest = guest
    this.jobs = new JobLock(clock)
    this.seed = hashText(config.uuid)
  }

  /** Names a transient domain that has not started yet. */
  readonly #transient: DomainDefinition

  get name(): string {
    return (this.machine?.definition ?? this.config ?? this.#transient).name
  }

  /** What runs, or else what is stored. */
  get definition(): DomainDefinition {
    return this.machine?.definition ?? this.config ?? this.#transient
  }

  get ref(): DomainRef {
    return { name: this.name, uuid: this.uuid, id: this.machine?.id ?? -1 }
  }

  /** The running machine. Throws LibvirtFault 55. */
  running(errorDomain?: number): Machine {
    if (this.machine === null) throw notRunning(errorDomain)
    return this.machine
  }

  /** The stored definition. Throws LibvirtFault 55 for a transient domain. */
  stored(): DomainDefinition {
    if (this.config === null) throw operationInvalid('transient domains do not have any persistent config')
    return this.config
  }
}
