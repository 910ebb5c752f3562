import { readdirSync, readFileSync } from 'node:fs'

/** One packet of a recorded conversation, with what the recorder understood of it. */
export interface RecordedPacket {
  readonly dir: 'client->server' | 'server->client'
  readonly bytes: Buffer
  readonly note: {
    readonly program: string
    readonly procedure: string
    readonly proc: number
    readonly type: 'CALL' | 'REPLY' | 'MESSAGE'
    readonly serial: number
    readonly status: 'OK' | 'ERROR'
    /** `null` where a call was malformed on purpose or its procedure does not exist. */
    readonly decoded: unknown
  }
}

const FOLDER = new URL('../wire/', import.meta.url)

/** Names of the recordings, without the ending. */
export const recordingNames: readonly string[] = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.jsonl'))
  .map((name) => name.slice(0, -'.jsonl'.length))
  .sort()

export function readRecording(name: string): RecordedPacket[] {
  return readFileSync(new URL(`${name}.jsonl`, FOLDER), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const { dir, hex, note } = JSON.parse(line) as {
        dir: RecordedPacket['dir']
        hex: string
        note: RecordedPacket['note']
      }
      return { dir, bytes: Buffer.from(hex, 'hex'), note }
    })
}
