import { join } from 'node:path'
import { Worker } from 'node:worker_threads'

const WORKER = join(import.meta.dirname, 'checkpoint-worker.ts')

/**
 * A thread with a connection of its own that brings the write-ahead log into the database file; started when first asked.
 * Only while it works does it keep the process from ending.
 */
export class CheckpointThread {
  readonly #file: string
  #worker: Worker | undefined

  /** @param file path of the database */
  constructor(file: string) {
    this.#file = file
  }

  /** Resolves when the log is in the database file as far as readers allow. One at a time. */
  checkpoint(): Promise<void> {
    const worker = (this.#worker ??= this.#start())
    return new Promise((resolve, reject) => {
      const onExit = (code: number): void => reject(new Error(`its thread ended with code ${code}`))
      const onError = (error: unknown): void => reject(error)
      worker.once('exit', onExit)
      worker.once('error', onError)
      worker.once('message', () => {
        worker.off('exit', onExit)
        worker.off('error', onError)
        worker.unref()
        resolve()
      })
      worker.ref()
      worker.postMessage('checkpoint')
    })
  }

  /** Resolves when its connection is closed: the last one to close then is the server's own. */
  end(): Promise<void> {
    const worker = this.#worker
    if (!worker) return Promise.resolve()
    worker.ref()
    return new Promise((resolve) => {
      worker.once('exit', () => resolve())
      worker.postMessage('end')
    })
  }

  #start(): Worker {
    const worker = new Worker(WORKER, { workerData: { file: this.#file } })
    worker.once('exit', () => (this.#worker = undefined))
    return worker
  }
}
