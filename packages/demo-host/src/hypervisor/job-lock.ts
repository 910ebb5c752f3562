import { ErrorCode, ErrorDomain } from '@coreshift/libvirt'
import type { Clock } from '../time/clock.ts'
import { LibvirtFault } from './libvirt-fault.ts'

/** How long libvirt waits for another job of the same domain (QEMU_JOB_WAIT_TIME). */
const JOB_WAIT_MS = 30_000

/** What a call does to the domain. `query` and `destroy` may run beside a migration, `modify` may not. */
type JobKind = 'query' | 'modify' | 'destroy'

interface Waiter {
  readonly kind: JobKind
  readonly grant: () => void
}

/** One job at a time per domain, as libvirt's driver has it; calls wait in order, at most 30 s. */
export class JobLock {
  readonly #clock: Clock
  #holder: string | null = null
  #asyncJob: string | null = null
  readonly #waiters: Waiter[] = []

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Name of the call that runs now. */
  get holder(): string | null {
    return this.#holder
  }

  /** Name of the long job (a migration) that runs. */
  get asyncJob(): string | null {
    return this.#asyncJob
  }

  /** Runs `work` when no other job is in the way. Throws LibvirtFault 68 after 30 s of waiting. */
  async run<T>(kind: JobKind, name: string, work: () => T | Promise<T>): Promise<T> {
    await this.#acquire(kind, name)
    try {
      return await work()
    } finally {
      this.#holder = null
      this.#next()
    }
  }

  /** Whether a `query` could start at once. */
  get free(): boolean {
    return this.#holder === null
  }

  /** A long job began. Throws LibvirtFault 68 when another one runs. */
  beginAsync(name: string): void {
    if (this.#asyncJob !== null) throw busy(this.#asyncJob)
    this.#asyncJob = name
  }

  endAsync(): void {
    this.#asyncJob = null
    this.#next()
  }

  async #acquire(kind: JobKind, name: string): Promise<void> {
    if (this.#allows(kind)) {
      this.#holder = name
      return
    }
    await new Promise<void>((resolve, reject) => {
      const timer = this.#clock.setTimer(JOB_WAIT_MS, () => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1)
        reject(busy(this.#holder ?? this.#asyncJob ?? 'unknown'))
      })
      const waiter: Waiter = {
        kind,
        grant: () => {
          timer.cancel()
          this.#holder = name
          resolve()
        },
      }
      this.#waiters.push(waiter)
    })
  }

  #allows(kind: JobKind): boolean {
    return this.#holder === null && (this.#asyncJob === null || kind !== 'modify')
  }

  #next(): void {
    const index = this.#waiters.findIndex(({ kind }) => this.#allows(kind))
    if (index < 0) return
    const [waiter] = this.#waiters.splice(index, 1)
    waiter?.grant()
  }
}

function busy(holder: string): LibvirtFault {
  return new LibvirtFault(
    ErrorCode.OPERATION_TIMEOUT,
    ErrorDomain.NONE,
    `cannot acquire state change lock (held by monitor=${holder})`,
  )
}
