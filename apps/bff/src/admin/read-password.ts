import { text } from 'node:stream/consumers'
import { UsageError } from './usage-error.ts'

/** @throws UsageError unless it was said that the password comes on standard input */
export async function readPassword(fromStdin: boolean | undefined): Promise<string> {
  if (fromStdin !== true) {
    throw new UsageError(
      'Give the password on standard input and say so with --password-stdin; on the command line others could read it.',
    )
  }
  return (await text(process.stdin)).replace(/\r?\n$/, '')
}
