import { readFileSync } from 'node:fs'

/** Ticks a second of the figures in /proc (proc(5), USER_HZ): 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100

/**
 * Processor time that a process has used, ms. On a busy machine it still tells what a request costs, where the time that
 * it takes tells how many others were waiting.
 */
export function processorMs(pid: number | undefined): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name in the second field may hold anything, spaces too.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [user, system] = [fields[11], fields[12]].map(Number)
  return (((user ?? 0) + (system ?? 0)) / TICKS_PER_SECOND) * 1000
}
