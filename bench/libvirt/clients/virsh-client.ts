import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'

// virsh behind the bench's line protocol. Calls: one interactive virsh gets the commands on its standard input. Events:
// `virsh event --loop` prints a line per event; its age is taken when the line arrives here, a pipe later than in virsh.

const uri = process.argv[2] ?? ''
const MARK = 'bench-mark'
const EVENT = /urn:bench:(\d+)/

const say = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`)
const agesUs: number[] = []
const PROMPT = 'virsh # '
let said = ''
let sent: ReadonlySet<string> = new Set()
let finished: ((lines: readonly string[]) => void) | null = null

const start = (args: readonly string[]): ChildProcessByStdio<Writable, Readable, null> => {
  const child = spawn('stdbuf', ['-oL', 'virsh', '-q', '-c', uri, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.on('error', (error) => {
    throw error
  })
  return child
}

const shell = start([])
shell.stdout.setEncoding('utf8')
shell.stdout.on('data', (text: string) => {
  said += text
  // virsh repeats each command behind its prompt; the mark alone at the start of a line is its answer.
  const at = said.lastIndexOf(`\n${MARK}`)
  if (at < 0) return
  const lines = said.slice(0, at).split('\n')
  said = ''
  finished?.(lines.filter((line) => line !== '' && !line.startsWith(PROMPT) && !sent.has(line)))
})

const run = async (commands: readonly string[]): Promise<readonly string[]> =>
  new Promise((resolve) => {
    finished = resolve
    sent = new Set(commands)
    shell.stdin.write(`${[...commands, `echo ${MARK}`].join('\n')}\n`)
  })

const names = (): Promise<readonly string[]> => run(['list --all --name'])
const first = (await names())[0] ?? ''
const children: { kill(): boolean }[] = [shell]

const tasks: Record<string, (count: number) => Promise<unknown>> = {
  sequential: (count) => run(Array<string>(count).fill(`domstate ${first}`)),
  stats: () => run(['domstats']),
  xml: async () => run((await names()).map((name) => `dumpxml ${name}`)),
  subscribe() {
    const events = start(['event', '--event', 'metadata-change', '--loop'])
    children.push(events)
    const { promise, resolve } = Promise.withResolvers<void>()
    createInterface({ input: events.stdout }).on('line', (line) => {
      const now = process.hrtime.bigint()
      const stamp = EVENT.exec(line)?.[1]
      resolve()
      if (stamp !== undefined && stamp !== '0') agesUs.push(Number(now - BigInt(stamp)) / 1000)
    })
    // virsh does not say when it has registered: the bench publishes until the first line has come.
    return promise
  },
}

say('ready')
for await (const line of createInterface({ input: process.stdin })) {
  const [name = '', count = '0'] = line.split(' ')
  if (name === 'ages') {
    say(agesUs.splice(0))
    continue
  }
  const task = tasks[name]
  if (task === undefined) throw new Error(`no task ${name}`)
  const startedAt = performance.now()
  await task(Number(count))
  say(performance.now() - startedAt)
}
for (const child of children) child.kill()
