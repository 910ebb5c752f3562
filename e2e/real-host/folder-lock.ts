import { spawn } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { quietEnvironment } from './run-command.ts'

/**
 * Runs `work` while holding the lock file, waiting for whoever holds it now. The kernel's lock is held by a
 * `flock` child whose standard input is ours, so it is let go even when this process is killed.
 */
export async function withFolderLock<T>(lockFile: string, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(lockFile), { recursive: true })
  const holder = spawn('flock', ['--exclusive', lockFile, 'sh', '-c', 'echo held; cat'], {
    env: quietEnvironment(),
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => holder.on('close', () => resolve()))
  await new Promise<void>((resolve, reject) => {
    holder.on('error', reject)
    holder.on('close', (code) => reject(new Error(`flock ${lockFile} ended with code ${code}`)))
    holder.stdout.once('data', () => resolve())
  })
  try {
    return await work()
  } finally {
    holder.stdin.end()
    await ended
  }
}
