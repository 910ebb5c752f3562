import { createSocket } from 'node:dgram'
import { hostname } from 'node:os'
import type { CheckpointTarget } from '../config.ts'

/** Facility "log audit", severity "notice" (RFC 5424, 6.2.1). */
const SYSLOG_PRIORITY = 13 * 8 + 5

/** Where checkpoints go, out of reach of whoever can write to the database. */
interface CheckpointOutlet {
  write(line: string): void
  close(): Promise<void>
}

export function openCheckpointOutlet(
  target: CheckpointTarget,
  onProblem: (message: string, cause: unknown) => void,
): CheckpointOutlet {
  switch (target.kind) {
    case 'none':
      return { write: () => undefined, close: () => Promise.resolve() }
    case 'stdout':
      return {
        write: (line) => void process.stdout.write(`${line}\n`),
        close: () => Promise.resolve(),
      }
    case 'syslog':
      return syslogOutlet(target.host, target.port, onProblem)
  }
}

/** RFC 5424 over UDP (RFC 5426). */
function syslogOutlet(
  host: string,
  port: number,
  onProblem: (message: string, cause: unknown) => void,
): CheckpointOutlet {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
  socket.on('error', (error) => onProblem('the checkpoint could not be sent to syslog', error))
  socket.unref()
  let sending = Promise.resolve()
  return {
    write(line) {
      const at = new Date().toISOString()
      const message = `<${SYSLOG_PRIORITY}>1 ${at} ${hostname()} coreshift ${process.pid} checkpoint - ${line}`
      const sent = new Promise<void>((resolve) => {
        socket.send(message, port, host, (error) => {
          if (error) onProblem('the checkpoint could not be sent to syslog', error)
          resolve()
        })
      })
      sending = sending.then(() => sent)
    },
    async close() {
      await sending
      socket.close()
    },
  }
}
