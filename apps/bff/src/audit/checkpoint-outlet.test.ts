import { createSocket } from 'node:dgram'
import { on, once } from 'node:events'
import { hostname } from 'node:os'
import { describe, expect, it } from 'vitest'
import { openCheckpointOutlet } from './checkpoint-outlet.ts'

/** RFC 5424, 6: priority and version, time, host, program, process, kind, no structured data, text. */
const MESSAGE = /^<(\d+)>1 (\S+) (\S+) (\S+) (\S+) (\S+) - (.*)$/s

const LINE = '{"upTo":1000,"hash":"ab12","signature":"…"}'

/** A syslog on a socket of its own. */
async function syslog(type: 'udp4' | 'udp6', address: string) {
  const socket = createSocket(type)
  socket.bind(0, address)
  await once(socket, 'listening')
  const arriving = on(socket, 'message')
  return {
    host: address,
    port: socket.address().port,
    async heard(): Promise<string> {
      const { value } = (await arriving.next()) as IteratorYieldResult<[Buffer]>
      return value[0].toString('utf8')
    },
    async [Symbol.asyncDispose]() {
      await arriving.return?.()
      const closed = once(socket, 'close')
      socket.close()
      await closed
    },
  }
}

describe('a checkpoint for syslog', () => {
  it.each([
    ['udp4', '127.0.0.1'],
    ['udp6', '::1'],
  ] as const)('arrives over %s as one message of RFC 5424, each in its order', async (type, address) => {
    await using listener = await syslog(type, address)
    const problems: unknown[] = []
    const outlet = openCheckpointOutlet(
      { kind: 'syslog', host: listener.host, port: listener.port },
      (_message, cause) => problems.push(cause),
    )
    outlet.write(LINE)
    outlet.write('the last one')
    await outlet.close()
    const [, priority, at = '', host, program, processId, kind, text] =
      MESSAGE.exec(await listener.heard()) ?? []
    // Facility 13 is "log audit", severity 5 "notice".
    expect(priority).toBe(String(13 * 8 + 5))
    expect(new Date(at).toISOString()).toBe(at)
    expect([host, program, processId, kind]).toEqual([
      hostname(),
      'coreshift',
      String(process.pid),
      'checkpoint',
    ])
    expect(text).toBe(LINE)
    expect(await listener.heard()).toMatch(/the last one$/)
    expect(problems).toEqual([])
  })

  it('that cannot be sent is told, and stops nothing', async () => {
    const problems: string[] = []
    const outlet = openCheckpointOutlet({ kind: 'syslog', host: 'host.invalid', port: 514 }, (message) =>
      problems.push(message),
    )
    outlet.write(LINE)
    await outlet.close()
    expect(problems).toContain('the checkpoint could not be sent to syslog')
  })
})
