import { charWords, i32, list, str } from '../xdr/codec.ts'
import { empty, struct } from '../xdr/struct.ts'
import { AUTH_TYPES_MAX, SASL_DATA_BYTES_MAX } from './limits.ts'
import { procedure } from './procedure.ts'

const saslData = charWords(SASL_DATA_BYTES_MAX)

/** Which kinds of authentication the daemon wants (`AuthType`). Always the first call. */
export const authList = procedure({
  number: 66,
  name: 'remoteAuthenticate',
  since: '0.4.1',
  args: empty,
  result: struct({ types: list(i32, AUTH_TYPES_MAX) }),
})

/** The SASL mechanisms of the daemon, comma separated. */
export const authSaslInit = procedure({
  number: 67,
  name: 'remoteAuthSASL',
  since: '0.4.1',
  args: empty,
  result: struct({ mechanisms: str }),
})

/** Begins SASL. `nil` 1 means no data at all, which is not the same as empty data. */
export const authSaslStart = procedure({
  number: 68,
  name: 'remoteAuthSASL',
  since: '0.4.1',
  args: struct({ mechanism: str, nil: i32, data: saslData }),
  result: struct({ complete: i32, nil: i32, data: saslData }),
})

/** The next SASL message, until `complete` is 1. */
export const authSaslStep = procedure({
  number: 69,
  name: 'remoteAuthSASL',
  since: '0.4.1',
  args: struct({ nil: i32, data: saslData }),
  result: struct({ complete: i32, nil: i32, data: saslData }),
})

/** Asks polkit about the process at the other end of the socket; works for local peers only. */
export const authPolkit = procedure({
  number: 70,
  name: 'remoteAuthPolkit',
  since: '0.4.1',
  args: empty,
  result: struct({ complete: i32 }),
})
