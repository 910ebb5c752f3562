import { destination, pino, type DestinationStream, type Logger } from 'pino'
import type { LogLevel } from '../config.ts'

export type { Logger } from 'pino'

/** File descriptor of standard error: standard output is for what a person asked for. */
const STDERR = 2

/**
 * Structured logs, one JSON object a line. Headers, cookies and bodies are never handed to it; the redaction is a
 * second net.
 */
export function createLogger(level: LogLevel, stream: DestinationStream = destination(STDERR)): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: [
          'password',
          'secret',
          'token',
          'authorization',
          'cookie',
          '*.password',
          '*.secret',
          '*.token',
        ],
        censor: '…',
      },
    },
    stream,
  )
}
