import { fork, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'

/** A process of the bench that answers one order after the other. */
export interface BenchChild extends AsyncDisposable {
  readonly process: ChildProcess
  ask(order: object): Promise<unknown>
}

export function startChild(file: string, args: readonly string[] = []): BenchChild {
  const child = fork(join(import.meta.dirname, file), [...args], {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  return {
    process: child,
    ask(order) {
      return new Promise((resolve, reject) => {
        const onExit = (code: number | null): void => reject(new Error(`${file} ended with code ${code}`))
        child.once('exit', onExit)
        child.once('message', (answer) => {
          child.off('exit', onExit)
          resolve(answer)
        })
        child.send(order)
      })
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null) return
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await ended
    },
  }
}
