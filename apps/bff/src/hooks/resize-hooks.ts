import type { Actor, HookList, Operation } from '@coreshift/shared/contract'
import type { AuditDraft } from '../audit/audit-log.ts'
import { findHooks, HookFolderError, listHooks, type FoundHook, type HookMoment } from './hook-folder.ts'
import { runHook, type HookRun } from './run-hook.ts'

/** Longest run of one hook, ms. */
const HOOK_LIMIT_MS = 10_000
/** Longest time for all `before-resize` hooks of one request together, ms: a person waits for the answer. */
const BEFORE_LIMIT_MS = 20_000

/** A resize that is about to be opened. */
export type ResizeToCome = Pick<
  Operation,
  'vm' | 'vmName' | 'host' | 'hostName' | 'kind' | 'mode' | 'from' | 'to' | 'requestedBy'
> & {
  readonly addVcpus: readonly number[]
  readonly removeVcpus: readonly number[]
  /** Id of the open resize that it takes the place of. */
  readonly replaces?: string
}

/** The operations whose `after-resize` hooks are still to run, durable. */
export interface HookLedger {
  /** Ids, oldest first. */
  due(): Promise<string[]>
  isDue(operationId: string): Promise<boolean>
  /** They ran; the entries about it are stored together with that. */
  done(operationId: string, audit: readonly AuditDraft[]): Promise<void>
}

interface ResizeHooksOptions {
  readonly folder: string
  readonly ledger: HookLedger
  readonly audit: (draft: AuditDraft) => Promise<unknown>
  /** ISO instant of now. */
  readonly now: () => string
  readonly find: (operationId: string) => Promise<Operation | undefined>
  readonly problem: (text: string, error: unknown) => void
  /** Longest run of one hook, ms; default `HOOK_LIMIT_MS`. */
  readonly limitMs?: number
}

const SYSTEM: Actor = { kind: 'system', name: 'Coreshift' }

/**
 * Executables of the operator that run before and after each resize, one after the other by name. They get JSON on
 * standard input. They never change what is true of an operation: `before-resize` runs before there is one,
 * `after-resize` when it has ended.
 */
export class ResizeHooks {
  readonly #options: ResizeHooksOptions
  /** Operations run their hooks one after the other, in the order in which they ended. */
  #queue: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(options: ResizeHooksOptions) {
    this.#options = options
  }

  async list(): Promise<HookList> {
    const { folder } = this.#options
    try {
      const items = (await listHooks(folder)).map(({ moment, name }) => ({ moment, name }))
      return { folder, items }
    } catch (error) {
      if (!(error instanceof HookFolderError)) throw error
      return { folder, items: [], problem: error.message }
    }
  }

  /**
   * Runs the `before-resize` hooks until one says no, by any exit status but 0, by its time limit, or by not starting.
   * @returns why the resize is refused, as a sentence; `undefined` when nothing stands in the way
   */
  async before(resize: ResizeToCome): Promise<string | undefined> {
    const until = performance.now() + BEFORE_LIMIT_MS
    let hooks: FoundHook[]
    try {
      hooks = await findHooks(this.#options.folder, 'before-resize')
    } catch (error) {
      if (error instanceof HookFolderError) return error.message
      throw error
    }
    for (const hook of hooks) {
      const left = Math.max(1, until - performance.now())
      const run = await this.#run(hook, { moment: 'before-resize', resize }, left)
      await this.#options.audit(this.#entry(hook, run, resize))
      if (run.exit !== 0) return `Hook ${nameOf(hook)} refused: ${saidBy(run)}`
    }
    return undefined
  }

  /** Takes up what had not run when the server last ended. */
  async start(): Promise<void> {
    for (const id of await this.#options.ledger.due()) this.#enqueue(id)
  }

  /** The hook that runs goes on until its end or limit; no further one begins. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.#queue
  }

  /** An operation ended: its `after-resize` hooks run in their turn. Nobody waits for them. */
  ended(operationId: string): void {
    this.#enqueue(operationId)
  }

  #enqueue(operationId: string): void {
    this.#queue = this.#queue.then(async () => {
      if (this.#stopped) return
      try {
        await this.#after(operationId)
      } catch (error) {
        // It stays in the ledger: the next start runs them again.
        this.#options.problem(`the after-resize hooks of ${operationId} could not run`, error)
      }
    })
  }

  /** At least once: a crash or a stop between a run and its entry has all of them run again. */
  async #after(operationId: string): Promise<void> {
    const { folder, ledger, find } = this.#options
    if (!(await ledger.isDue(operationId))) return
    const operation = await find(operationId)
    if (!operation) return ledger.done(operationId, [])
    const entries: AuditDraft[] = []
    for (const hook of await findHooks(folder, 'after-resize')) {
      if (this.#stopped) return
      const run = await this.#run(hook, { moment: 'after-resize', resize: operation })
      entries.push(this.#entry(hook, run, operation, operationId))
    }
    await ledger.done(operationId, entries)
  }

  #run(hook: FoundHook, input: object, leftMs = Number.POSITIVE_INFINITY): Promise<HookRun> {
    const limitMs = Math.min(leftMs, this.#options.limitMs ?? HOOK_LIMIT_MS)
    return runHook({ file: hook.file, input, limitMs })
  }

  #entry(
    hook: FoundHook,
    run: HookRun,
    { vm, vmName, host }: Pick<Operation, 'vm' | 'vmName' | 'host'>,
    operation?: string,
  ): AuditDraft {
    return {
      at: this.#options.now(),
      actor: SYSTEM,
      action: 'hook.run',
      outcome: run.exit === 0 ? 'done' : outcomeOfFailure(hook.moment),
      vm,
      vmName,
      host,
      ...(operation !== undefined && { operation }),
      message: `Hook ${nameOf(hook)} ${run.exit === 0 ? 'ran' : 'failed'}: ${saidBy(run)}`,
      durationMs: run.ms,
      detail: {
        hook: nameOf(hook),
        ms: run.ms,
        ...(run.exit !== undefined && { exit: run.exit }),
        ...(run.signal !== undefined && { signal: run.signal }),
        ...(run.timedOut && { timedOut: true }),
        ...(run.message !== undefined && { message: run.message }),
      },
    }
  }
}

function outcomeOfFailure(moment: HookMoment): 'refused' | 'failed' {
  return moment === 'before-resize' ? 'refused' : 'failed'
}

function nameOf({ moment, name }: FoundHook): string {
  return `${moment}/${name}`
}

/** What a run comes to, as a sentence. */
function saidBy({ exit, signal, timedOut, message, ms }: HookRun): string {
  if (timedOut) return `it did not end in ${Math.round(ms / 100) / 10} s and was killed.`
  if (message !== undefined) return /[.!?…]$/.test(message) ? message : `${message}.`
  if (exit !== undefined) return `exit status ${exit}.`
  return `ended by ${signal ?? 'nobody knows what'}.`
}
