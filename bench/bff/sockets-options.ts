import { Agent, get, request } from 'node:http'
import { availableParallelism, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { startDemo, type VmSpec } from '@coreshift/demo-host'
import { Product } from '../../e2e/support/product.ts'
import { median, quantile } from '../libvirt/statistics.ts'
import { exitCode, goal } from './goals.ts'

const USAGE = `Usage: node bench/bff/sockets-options.ts [--requests 400]
Time of GET /vms/{uuid}/sockets-options for VMs with a maximum of 4,096 sockets, as a browser sees it: the whole product
in a process of its own, a session's cookie, one connection, from the request to the last byte of the answer.`

const { values } = parseArgs({
  options: { requests: { type: 'string', default: '400' }, help: { type: 'boolean' } },
})
if (values.help === true) {
  console.log(USAGE)
  process.exit(0)
}

const REQUESTS = Number(values.requests)
const WARM_UP = 50
const GOAL_MS = 20
const PASSWORD = 'correct horse battery staple'

const MAXIMUM = 4096
const large = { os: 'rhel-9', sockets: 2048, maxSockets: MAXIMUM, memoryGib: 1 } as const
/** Every second vCPU pinned: the reason against a value names other vCPUs for each of the first values below. */
const pins = Object.fromEntries(Array.from({ length: 2048 }, (_, id) => [id * 2, '0']))
const VMS: readonly VmSpec[] = [
  { ...large, name: 'prepared' },
  { ...large, name: 'fixed', boot: 'fixed' },
  { ...large, name: 'pinned', pins },
  { ...large, name: 'down', state: 'off' },
]

const agent = new Agent({ keepAlive: true, maxSockets: 1 })

function read(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ status: number; body: Buffer }> {
  return new Promise((resolve, reject) => {
    get(url, { agent, headers }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts) }))
      response.on('error', reject)
    }).on('error', reject)
  })
}

/** Signs in as a browser does. @returns the session's cookie */
function signIn(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', origin: url }
    const asked = request(`${url}/api/v1/session`, { method: 'POST', headers }, (response) => {
      response.resume()
      const cookies = (response.headers['set-cookie'] ?? []).map((cookie) => cookie.split(';')[0])
      if (response.statusCode === 200) resolve(cookies.join('; '))
      else reject(new Error(`signing in was answered with ${response.statusCode}`))
    })
    asked.on('error', reject)
    asked.end(JSON.stringify({ name: 'ann', password: PASSWORD }))
  })
}

/** Times of one VM, which is the only one of its fleet. */
async function measure(vm: VmSpec): Promise<void> {
  const demo = await startDemo({ story: [{ name: 'lab', version: '12.8.0', vms: [vm] }] })
  const [host] = demo.hosts
  if (!host) throw new Error('the demo has no host')
  const product = await Product.start({ hosts: `lab=${host.uri}` })
  try {
    await product.admin(['user', 'add', 'ann', '--role', 'viewer', '--password-stdin'], PASSWORD)
    const cookie = await signIn(product.url)
    const ask = (path: string) => read(`${product.url}/api/v1${path}`, { cookie })
    let uuid: string | undefined
    while (uuid === undefined)
      uuid = (JSON.parse((await ask('/vms')).body.toString()) as VmList).items[0]?.uuid
    const cpuSeconds = async () => {
      const text = (await read(`${product.url}/metrics`, { cookie })).body.toString()
      return Number(/^process_cpu_seconds_total (\S+)/m.exec(text)?.[1])
    }
    const times: number[] = []
    let cpuBefore = 0
    let bytes = 0
    for (let number = -WARM_UP; number < REQUESTS; number += 1) {
      if (number === 0) cpuBefore = await cpuSeconds()
      const start = performance.now()
      const { status, body } = await ask(`/vms/${uuid}/sockets-options`)
      if (number >= 0) times.push(performance.now() - start)
      if (status !== 200) throw new Error(`${vm.name} was answered with ${status}`)
      bytes = body.length
    }
    report(vm.name, bytes, times, ((await cpuSeconds()) - cpuBefore) / REQUESTS)
  } finally {
    await product.stop()
    await demo.stop()
  }
}

interface VmList {
  readonly items: readonly { readonly uuid: string }[]
}

/** @param cpu seconds of the server's processor per request, which a busy machine does not make longer */
function report(name: string, bytes: number, times: readonly number[], cpu: number): void {
  const late = quantile(times, 0.99)
  const size = `${MAXIMUM} values, ${Math.round(bytes / 1024)} KiB`
  const figures = `median ${median(times).toFixed(1)} ms, p99 ${late.toFixed(1)} ms, least ${Math.min(...times).toFixed(1)} ms, server CPU ${(cpu * 1000).toFixed(1)} ms`
  goal(`sockets-options, ${name}, ${size}: ${figures}`, late < GOAL_MS)
}

console.log(`${availableParallelism()} CPUs, load ${loadavg()[0]?.toFixed(1)}`)
for (const vm of VMS) await measure(vm)
agent.destroy()
process.exitCode = exitCode()
