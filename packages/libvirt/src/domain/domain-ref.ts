import type { Codec } from '../xdr/codec.ts'
import { located } from '../xdr/codec.ts'
import { uuid } from './uuid.ts'

/**
 * How libvirt names a domain in every message (`remote_nonnull_domain`).
 * In a call only the UUID counts; a wrong name shows up in error texts only (12.8.0).
 */
export interface DomainRef {
  readonly name: string
  /** Lower case with dashes. */
  readonly uuid: string
  /** Changes with every start; -1 when the domain does not run. */
  readonly id: number
}

/** A domain reference for a call when only the UUID is known. */
export function domainByUuid(uuidText: string, name = ''): DomainRef {
  return { name, uuid: uuidText, id: -1 }
}

/** Written by hand, because every list, statistics record and event holds one. */
export const domainRef: Codec<DomainRef> = {
  encode(writer, value) {
    try {
      writer.string(value.name)
    } catch (error) {
      throw located(error, 'name')
    }
    try {
      uuid.encode(writer, value.uuid)
    } catch (error) {
      throw located(error, 'uuid')
    }
    try {
      writer.i32(value.id)
    } catch (error) {
      throw located(error, 'id')
    }
  },
  decode(reader) {
    const name = reader.string()
    const uuidText = uuid.decode(reader)
    const id = reader.i32()
    return { name, uuid: uuidText, id }
  },
}
