import { domainRef } from '../domain/domain-ref.ts'
import { uuid } from '../domain/uuid.ts'
import { i32, type Infer, opt, str } from '../xdr/codec.ts'
import { struct } from '../xdr/struct.ts'

/** The payload of a reply with status "error" (`remote_error`). */
export const remoteError = struct({
  code: i32,
  domain: i32,
  message: opt(str),
  level: i32,
  dom: opt(domainRef),
  str1: opt(str),
  str2: opt(str),
  str3: opt(str),
  int1: i32,
  int2: i32,
  net: opt(struct({ name: str, uuid })),
})
export type RemoteError = Infer<typeof remoteError>
