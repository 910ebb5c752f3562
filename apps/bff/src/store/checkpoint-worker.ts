import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'

const { file } = z.object({ file: z.string() }).parse(workerData)
const sqlite = new DatabaseSync(file)
// Passive: never in the way of readers and writers (sqlite.org/pragma.html#pragma_wal_checkpoint).
const checkpoint = sqlite.prepare('pragma wal_checkpoint(passive)')

parentPort?.on('message', (order: 'checkpoint' | 'end') => {
  if (order === 'checkpoint') {
    parentPort?.postMessage(checkpoint.get())
    return
  }
  sqlite.close()
  parentPort?.close()
})
