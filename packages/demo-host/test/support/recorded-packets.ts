import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  MessageStatus,
  PACKET_HEADER_BYTES,
  procedureByNumber,
  readHeader,
  remoteError,
  type RemoteError,
  XdrReader,
} from '@coreshift/libvirt/wire'

const FOLDER = fileURLToPath(new URL('../../../libvirt/test/wire/', import.meta.url))

/** One packet of a recording from a real daemon. */
export interface RecordedPacket {
  readonly atMs: number
  readonly fromClient: boolean
  readonly bytes: Buffer
  readonly serial: number
  readonly procedure: string
  readonly isReply: boolean
}

/** A recorded conversation, in order. */
export function readRecording(name: string): RecordedPacket[] {
  return readFileSync(`${FOLDER}${name}.jsonl`, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const { t, dir, hex, note } = JSON.parse(line) as {
        t: number
        dir: string
        hex: string
        note: { proc: number; type: string }
      }
      const bytes = Buffer.from(hex, 'hex')
      return {
        atMs: t,
        fromClient: dir.startsWith('client'),
        bytes,
        serial: readHeader(bytes).serial,
        procedure: String(note.proc),
        isReply: note.type === 'REPLY',
      }
    })
}

/** What a reply says: the error, or the result where this project knows the procedure. */
export function replyBody(bytes: Buffer): { error: RemoteError } | { result: unknown } {
  const header = readHeader(bytes)
  const reader = new XdrReader().reset(bytes, PACKET_HEADER_BYTES)
  if (header.status === MessageStatus.ERROR) return { error: remoteError.decode(reader) }
  return { result: procedureByNumber(header.program, header.procedure)?.result.decode(reader) ?? null }
}
