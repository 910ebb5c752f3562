import type { Page } from '@playwright/test'

interface TraceEvent {
  readonly name: string
  readonly ph: string
  readonly tid: number
  readonly pid: number
  /** When it began, microseconds. */
  readonly ts: number
  /** How long it took, microseconds. */
  readonly dur?: number
  /** How much of that the thread was given a processor, microseconds. */
  readonly tdur?: number
  readonly args?: { readonly name?: string }
}

const CATEGORIES = ['toplevel', 'devtools.timeline', 'blink.user_timing', '__metadata']

/** A task of the page's main thread. */
interface Task {
  readonly beganMs: number
  readonly wallMs: number
  /** Time on a processor: what the task costs, however busy the machine is with other things. */
  readonly cpuMs: number
}

/** The browser's own record of what the page's main thread did. */
interface MainThread {
  readonly tasks: readonly Task[]
  /** When the page set a mark, on the clock of the tasks; absent where it did not. */
  readonly marks: ReadonlyMap<string, number>
}

/** Runs something under the browser's tracing. */
export async function traced(page: Page, run: () => Promise<void>): Promise<MainThread> {
  const devtools = await page.context().newCDPSession(page)
  const events: TraceEvent[] = []
  devtools.on('Tracing.dataCollected', ({ value }) => {
    // The protocol's types make every member of an event a text, which most are not.
    for (const event of value as unknown as TraceEvent[]) events.push(event)
  })
  const complete = new Promise<void>((resolve) => devtools.once('Tracing.tracingComplete', () => resolve()))
  await devtools.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: CATEGORIES },
  })
  await run()
  await devtools.send('Tracing.end')
  await complete
  await devtools.detach()
  return readMainThread(events)
}

/** The renderer with the most to do is the page: other pages of the browser are empty. */
function readMainThread(events: readonly TraceEvent[]): MainThread {
  const threads = events
    .filter(({ ph, name, args }) => ph === 'M' && name === 'thread_name' && args?.name === 'CrRendererMain')
    .map(({ pid, tid }) => events.filter((event) => event.pid === pid && event.tid === tid))
  const busiest = threads
    .map((thread) => ({ thread, tasks: tasksOf(thread) }))
    .toSorted((a, b) => cpuOf(b.tasks) - cpuOf(a.tasks))[0]
  if (!busiest || busiest.tasks.length === 0) throw new Error('the trace holds no task of a main thread')
  const marks = busiest.thread.filter(({ ph }) => ph === 'I' || ph === 'R')
  return { tasks: busiest.tasks, marks: new Map(marks.map(({ name, ts }) => [name, ts / 1000])) }
}

function tasksOf(thread: readonly TraceEvent[]): Task[] {
  return thread
    .filter(({ name, ph }) => ph === 'X' && name.endsWith('RunTask'))
    .map(({ ts, dur = 0, tdur = 0 }) => ({ beganMs: ts / 1000, wallMs: dur / 1000, cpuMs: tdur / 1000 }))
}

function cpuOf(tasks: readonly Task[]): number {
  return tasks.reduce((sum, { cpuMs }) => sum + cpuMs, 0)
}

/** Time on a processor from one mark of the page to another, whole tasks counted. */
export function cpuBetween({ tasks, marks }: MainThread, from: string, to: string): number {
  const began = marks.get(from)
  const ended = marks.get(to)
  if (began === undefined || ended === undefined) throw new Error(`the trace lacks the mark ${from} or ${to}`)
  return cpuOf(tasks.filter((task) => task.beganMs + task.wallMs >= began && task.beganMs <= ended))
}
