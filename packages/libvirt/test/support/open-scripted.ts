import { connect, type ConnectOptions } from '../../src/connect.ts'
import type { Connection } from '../../src/connection/connection.ts'
import { ScriptedDaemon } from './scripted-daemon.ts'

export const domain = { name: 'ppc', uuid: '27fe1c41-4d1a-4ab0-a08e-fd318a488aab', id: 22 }

export async function open(
  options: ConnectOptions = {},
): Promise<{ daemon: ScriptedDaemon; connection: Connection }> {
  const daemon = new ScriptedDaemon()
  const connection = await connect('qemu:///system', {
    transport: daemon.transport,
    keepalive: false,
    ...options,
  })
  return { daemon, connection }
}

/** Lets everything that is on its way through the in-memory stream arrive. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
}
