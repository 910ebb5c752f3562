import { createConnection, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Demo, startDemo } from '../fleet/demo-fleet.ts'

let demo: Demo
let folder: string
let socket: Socket
let answers: AsyncIterator<string>

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'door-'))
  const vm = { name: 'vm', os: 'debian-12', sockets: 2, maxSockets: 4 } as const
  demo = await startDemo({
    folder,
    controlDoor: join(folder, 'door'),
    story: [{ name: 'lab', version: '12.8.0', vms: [vm] }],
  })
  socket = createConnection(join(folder, 'door'))
  answers = createInterface({ input: socket })[Symbol.asyncIterator]()
})
afterEach(async () => {
  socket.destroy()
  await demo.stop()
  await rm(folder, { recursive: true, force: true })
})

async function ask(line: string): Promise<unknown> {
  socket.write(`${line}\n`)
  const { value } = await answers.next()
  return JSON.parse(String(value))
}

describe('the control door', () => {
  it('makes a guest refuse, and says how it stands', async () => {
    const request = { id: 1, method: 'setGuest', args: ['lab', 'vm', { behaviour: 'refuses' }] }
    expect(await ask(JSON.stringify(request))).toEqual({ id: 1, result: null })
    expect(await ask('{"id":2,"method":"vm","args":["lab","vm"]}')).toMatchObject({
      id: 2,
      result: { behaviour: 'refuses', counted: [0, 1], asked: [] },
    })
  })

  it.each([
    ['no JSON', 'is not valid JSON'],
    ['[]', 'a request is an object'],
    ['{"id":3,"method":"constructor"}', 'there is no method constructor'],
    ['{"id":4,"method":"vm","args":["attic","vm"]}', 'there is no host attic; there are lab'],
    ['{"id":5,"method":"vm","args":["lab","nobody"]}', 'there is no VM nobody on lab'],
    [
      '{"id":7,"method":"setGuest","args":["lab","vm",{"behaviour":"dances"}]}',
      'behaviour "dances" is not known',
    ],
    ['{"id":8,"method":"addFault","args":["lab",{"fault":{"kind":"melt"}}]}', 'fault "melt" is not known'],
    ['{"id":9,"method":"act","args":["lab","vm","sing"]}', 'action "sing" is not known'],
    ['{"id":6,"method":"answer","args":["lab","vm",1,"let-go"]}', 'was not asked to go'],
  ])('answers %j with an error that says what is wrong', async (line, text) => {
    expect(await ask(line)).toMatchObject({ error: expect.stringContaining(text) })
  })

  it('stops and starts a daemon', async () => {
    expect(await ask('{"id":1,"method":"stopDaemon","args":["lab"]}')).toEqual({ id: 1, result: null })
    expect(demo.hosts[0]?.daemon.up).toBe(false)
    expect(await ask('{"id":2,"method":"startDaemon","args":["lab"]}')).toEqual({ id: 2, result: null })
    expect(demo.hosts[0]?.daemon.up).toBe(true)
  })

  it('is closed unless asked for', async () => {
    const plain = await startDemo({ listen: false, story: [] })
    await plain.stop()
    await demo.stop()
    await expect(stat(join(folder, 'door'))).rejects.toThrow()
    demo = plain
  })
})
